// The whole SDK. A plugin includes this, writes classes, and ends with MOTET_PLUGIN (plugin.hpp shows the shape).
#pragma once

#include "motet/builder.hpp"
#include "motet/call.hpp"
#include "motet/describe.hpp"
#include "motet/document.hpp"
#include "motet/error.hpp"
#include "motet/generation.hpp"
#include "motet/negotiation.hpp"
#include "motet/operation.hpp"
#include "motet/params.hpp"
#include "motet/plugin.hpp"
#include "motet/slots.hpp"
#include "motet/tensor.hpp"
#include "motet/utf8.hpp"
#include "motet/value.hpp"
