/* Every struct that crosses the border and its fields, for both languages. Written once a struct is released; a field
 * that is added at a struct's end is added here. */
#ifndef MOTET_TESTS_ABI_LAYOUT_FIELDS_H
#define MOTET_TESTS_ABI_LAYOUT_FIELDS_H

#define MOTET_LAYOUT(S, F)             \
  S(motet_dim)                         \
  F(motet_dim, size)                   \
  F(motet_dim, symbol)                 \
  F(motet_dim, reserved)               \
  S(motet_tensor_spec)                 \
  F(motet_tensor_spec, struct_size)    \
  F(motet_tensor_spec, dtype)          \
  F(motet_tensor_spec, rank)           \
  F(motet_tensor_spec, dims)           \
  S(motet_text_view)                   \
  F(motet_text_view, struct_size)      \
  F(motet_text_view, data)             \
  F(motet_text_view, size_bytes)       \
  S(motet_image_view)                  \
  F(motet_image_view, struct_size)     \
  F(motet_image_view, pixels)          \
  F(motet_image_view, height)          \
  F(motet_image_view, width)           \
  F(motet_image_view, channels)        \
  F(motet_image_view, reserved)        \
  F(motet_image_view, path)            \
  S(motet_audio_view)                  \
  F(motet_audio_view, struct_size)     \
  F(motet_audio_view, samples)         \
  F(motet_audio_view, frames)          \
  F(motet_audio_view, channels)        \
  F(motet_audio_view, rate_hz)         \
  F(motet_audio_view, path)            \
  S(motet_tokens_view)                 \
  F(motet_tokens_view, struct_size)    \
  F(motet_tokens_view, ids)            \
  F(motet_tokens_view, count)          \
  F(motet_tokens_view, feature)        \
  F(motet_tokens_view, type_ids)       \
  F(motet_tokens_view, offsets)        \
  S(motet_tensor_view)                 \
  F(motet_tensor_view, struct_size)    \
  F(motet_tensor_view, dtype)          \
  F(motet_tensor_view, rank)           \
  F(motet_tensor_view, sizes)          \
  F(motet_tensor_view, data)           \
  F(motet_tensor_view, size_bytes)     \
  S(motet_weight_source)               \
  F(motet_weight_source, struct_size)  \
  F(motet_weight_source, canonical)    \
  F(motet_weight_source, name)         \
  F(motet_weight_source, part)         \
  F(motet_weight_source, parts)        \
  S(motet_weight_request)              \
  F(motet_weight_request, struct_size) \
  F(motet_weight_request, canonical)   \
  F(motet_weight_request, rank)        \
  F(motet_weight_request, flags)       \
  F(motet_weight_request, dims)        \
  F(motet_weight_request, init)        \
  S(motet_filler)                      \
  F(motet_filler, struct_size)         \
  F(motet_filler, type)                \
  F(motet_filler, stage)               \
  S(motet_host)                        \
  F(motet_host, struct_size)           \
  F(motet_host, abi_major)             \
  F(motet_host, abi_minor)             \
  F(motet_host, name)                  \
  F(motet_host, version)               \
  F(motet_host, fail)                  \
  F(motet_host, last_error)            \
  F(motet_host, log)                   \
  F(motet_host, progress)              \
  F(motet_host, should_cancel)         \
  F(motet_host, scratch)               \
  F(motet_host, value_kind)            \
  F(motet_host, value_view)            \
  F(motet_host, value_new)             \
  F(motet_host, tensor_new)            \
  F(motet_host, list_new)              \
  F(motet_host, list_size)             \
  F(motet_host, list_at)               \
  F(motet_host, value_retain)          \
  F(motet_host, value_release)         \
  F(motet_host, open_document)         \
  F(motet_host, close_document)        \
  F(motet_host, document_root)         \
  F(motet_host, node_kind)             \
  F(motet_host, node_size)             \
  F(motet_host, node_at)               \
  F(motet_host, node_key_at)           \
  F(motet_host, node_find)             \
  F(motet_host, node_bool)             \
  F(motet_host, node_integer)          \
  F(motet_host, node_number)           \
  F(motet_host, node_string)           \
  F(motet_host, weights_path)          \
  F(motet_host, weights_format)        \
  F(motet_host, weights_has)           \
  F(motet_host, weight_source)         \
  F(motet_host, declare_weight)        \
  F(motet_host, fresh_symbol)          \
  F(motet_host, slot)                  \
  F(motet_host, offer)                 \
  F(motet_host, offered)               \
  S(motet_port)                        \
  F(motet_port, struct_size)           \
  F(motet_port, name)                  \
  F(motet_port, type)                  \
  F(motet_port, help)                  \
  F(motet_port, flags)                 \
  F(motet_port, reserved)              \
  S(motet_param)                       \
  F(motet_param, struct_size)          \
  F(motet_param, name)                 \
  F(motet_param, help)                 \
  F(motet_param, kind)                 \
  F(motet_param, required)             \
  F(motet_param, otherwise)            \
  F(motet_param, minimum)              \
  F(motet_param, maximum)              \
  F(motet_param, choices)              \
  S(motet_param_value)                 \
  F(motet_param_value, struct_size)    \
  F(motet_param_value, name)           \
  F(motet_param_value, kind)           \
  F(motet_param_value, reserved)       \
  F(motet_param_value, integer)        \
  F(motet_param_value, number)         \
  F(motet_param_value, string)         \
  F(motet_param_value, count)          \
  F(motet_param_value, strings)        \
  S(motet_params)                      \
  F(motet_params, struct_size)         \
  F(motet_params, count)               \
  F(motet_params, values)              \
  S(motet_slot_def)                    \
  F(motet_slot_def, struct_size)       \
  F(motet_slot_def, name)              \
  F(motet_slot_def, kind)              \
  F(motet_slot_def, help)              \
  F(motet_slot_def, required)          \
  F(motet_slot_def, reserved)          \
  S(motet_negotiation)                 \
  F(motet_negotiation, struct_size)    \
  F(motet_negotiation, n_inputs)       \
  F(motet_negotiation, n_outputs)      \
  F(motet_negotiation, inputs)         \
  F(motet_negotiation, outputs)        \
  S(motet_stage_type)                  \
  F(motet_stage_type, struct_size)     \
  F(motet_stage_type, id)              \
  F(motet_stage_type, kind)            \
  F(motet_stage_type, summary)         \
  F(motet_stage_type, example)         \
  F(motet_stage_type, inputs)          \
  F(motet_stage_type, outputs)         \
  F(motet_stage_type, params)          \
  F(motet_stage_type, slots)           \
  F(motet_stage_type, n_inputs)        \
  F(motet_stage_type, n_outputs)       \
  F(motet_stage_type, n_params)        \
  F(motet_stage_type, n_slots)         \
  F(motet_stage_type, concurrency)     \
  F(motet_stage_type, determinism)     \
  F(motet_stage_type, create)          \
  F(motet_stage_type, destroy)         \
  F(motet_stage_type, negotiate)       \
  F(motet_stage_type, extension)       \
  S(motet_host_stage)                  \
  F(motet_host_stage, struct_size)     \
  F(motet_host_stage, process)         \
  S(motet_tokenizer)                   \
  F(motet_tokenizer, struct_size)      \
  F(motet_tokenizer, encode)           \
  F(motet_tokenizer, decode)           \
  F(motet_tokenizer, token_id)         \
  S(motet_sampling)                    \
  F(motet_sampling, struct_size)       \
  F(motet_sampling, logits)            \
  F(motet_sampling, vocabulary)        \
  F(motet_sampling, history)           \
  F(motet_sampling, n_history)         \
  F(motet_sampling, step)              \
  S(motet_sampler)                     \
  F(motet_sampler, struct_size)        \
  F(motet_sampler, greedy)             \
  F(motet_sampler, sample)             \
  S(motet_attribute)                   \
  F(motet_attribute, key)              \
  F(motet_attribute, kind)             \
  F(motet_attribute, count)            \
  F(motet_attribute, integer)          \
  F(motet_attribute, number)           \
  F(motet_attribute, string)           \
  F(motet_attribute, integers)         \
  S(motet_builder)                     \
  F(motet_builder, struct_size)        \
  F(motet_builder, emit)               \
  F(motet_builder, spec_of)            \
  F(motet_builder, has_op)             \
  F(motet_builder, weight)             \
  F(motet_builder, state)              \
  F(motet_builder, row)                \
  F(motet_builder, length_of)          \
  F(motet_builder, slot_filled)        \
  F(motet_builder, slot_build)         \
  F(motet_builder, enter_scope)        \
  F(motet_builder, leave_scope)        \
  F(motet_builder, fail)               \
  S(motet_tensor_stage)                \
  F(motet_tensor_stage, struct_size)   \
  F(motet_tensor_stage, build)         \
  S(motet_step)                        \
  F(motet_step, struct_size)           \
  F(motet_step, tokens)                \
  F(motet_step, positions)             \
  F(motet_step, row)                   \
  F(motet_step, feature)               \
  F(motet_step, want)                  \
  S(motet_generation)                  \
  F(motet_generation, struct_size)     \
  F(motet_generation, start)           \
  F(motet_generation, n_stop)          \
  F(motet_generation, stop)            \
  F(motet_generation, n_stop_strings)  \
  F(motet_generation, reserved)        \
  F(motet_generation, stop_strings)    \
  F(motet_generation, vocabulary)      \
  F(motet_generation, max_positions)   \
  F(motet_generation, max_tokens)      \
  S(motet_generator)                   \
  F(motet_generator, struct_size)      \
  F(motet_generator, generation)       \
  F(motet_generator, build)            \
  S(motet_plugin_entry)                \
  F(motet_plugin_entry, struct_size)   \
  F(motet_plugin_entry, abi_major)     \
  F(motet_plugin_entry, abi_minor)     \
  F(motet_plugin_entry, id)            \
  F(motet_plugin_entry, version)       \
  F(motet_plugin_entry, get_factory)   \
  S(motet_stage_types)                 \
  F(motet_stage_types, struct_size)    \
  F(motet_stage_types, count)          \
  F(motet_stage_types, reserved)       \
  F(motet_stage_types, types)          \
  S(motet_operand)                     \
  F(motet_operand, struct_size)        \
  F(motet_operand, name)               \
  F(motet_operand, help)               \
  F(motet_operand, dtype)              \
  F(motet_operand, flags)              \
  S(motet_attribute_def)               \
  F(motet_attribute_def, struct_size)  \
  F(motet_attribute_def, name)         \
  F(motet_attribute_def, help)         \
  F(motet_attribute_def, kind)         \
  F(motet_attribute_def, required)     \
  F(motet_attribute_def, otherwise)    \
  F(motet_attribute_def, minimum)      \
  F(motet_attribute_def, maximum)      \
  S(motet_use)                         \
  F(motet_use, struct_size)            \
  F(motet_use, n_inputs)               \
  F(motet_use, n_outputs)              \
  F(motet_use, n_attributes)           \
  F(motet_use, reserved)               \
  F(motet_use, inputs)                 \
  F(motet_use, outputs)                \
  F(motet_use, attributes)             \
  F(motet_use, fail)                   \
  S(motet_operation)                   \
  F(motet_operation, struct_size)      \
  F(motet_operation, id)               \
  F(motet_operation, summary)          \
  F(motet_operation, inputs)           \
  F(motet_operation, outputs)          \
  F(motet_operation, attributes)       \
  F(motet_operation, n_inputs)         \
  F(motet_operation, n_outputs)        \
  F(motet_operation, n_attributes)     \
  F(motet_operation, reserved)         \
  F(motet_operation, glsl)             \
  F(motet_operation, infer)            \
  F(motet_operation, compute)          \
  F(motet_operation, cost)             \
  S(motet_operations)                  \
  F(motet_operations, struct_size)     \
  F(motet_operations, count)           \
  F(motet_operations, reserved)        \
  F(motet_operations, operations)

#endif
