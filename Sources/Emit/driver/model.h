/* The network '@GRAPH@' for configuration '@CONFIGURATION@'. Made by weft @VERSION@.
 * Include it in one file only. In that file `weft_network` is short for the first network that it includes; a
 * second one has its long name alone. */
#ifndef @GUARD@
#define @GUARD@

#include "weft.h"

@ARRAYS@
static const weft_tensor @NAME@_inputs[@INPUT_ROWS@] = {
@INPUTS@};

static const weft_tensor @NAME@_outputs[@OUTPUT_ROWS@] = {
@OUTPUTS@};

@STATE_VALUES@static const weft_state @NAME@_states[@STATE_ROWS@] = {
@STATES@};

static const weft_model @NAME@ = {
  "@TITLE@",
  0x@FINGERPRINT@u,
  @NAME@_program, @PROGRAM_WORDS@u,
  @NAME@_weights, @WEIGHT_WORDS@u,
  @NAME@_parameters, @PARAMETER_CHANNELS@u,
  @NAME@_scalar_tables, @SCALAR_TABLE_WORDS@u,
  @NAME@_byte_tables, @BYTE_TABLE_WORDS@u,
  @NAME@_inputs, @INPUT_COUNT@u,
  @NAME@_outputs, @OUTPUT_COUNT@u,
  @NAME@_states, @STATE_COUNT@u,
};

#ifndef weft_network
#define weft_network @NAME@
#endif

#endif
