// What every shader starts with: a workgroup along x whose size is a specialisation constant.
#ifndef MOTET_GLSL
#define MOTET_GLSL

layout(local_size_x_id = 0, local_size_y = 1, local_size_z = 1) in;

// Workgroups folded into x and y, since either may have no more than 65535.
uint linear_group() { return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x; }
uint linear_index() { return linear_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x; }

#endif
