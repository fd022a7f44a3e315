/* The version of the plugin contract. Major: broken; minor: grown at the ends of structs or by new extensions. */
#ifndef MOTET_VERSION_H
#define MOTET_VERSION_H

#define MOTET_ABI_MAJOR 1
#define MOTET_ABI_MINOR 1

#endif
