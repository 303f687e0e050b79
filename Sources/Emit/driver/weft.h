/* Driver of a Weft accelerator: load a network, write inputs, start, wait, read outputs.
 *
 *   weft_device device = weft_mmio((void *)0x40000000);     // where the AXI4-Lite port is mapped
 *   int status = weft_load(&device, &weft_network);          // weft_network: model.h
 *   if (status == WEFT_OK) status = weft_write_input(&device, &weft_network, 0, input);
 *   if (status == WEFT_OK) status = weft_run(&device, 1000000);
 *   if (status == WEFT_OK) status = weft_read_output(&device, &weft_network, 0, output);
 *
 * A network that takes or gives other types than int8: weft_quantize makes what is written of what the network takes,
 * weft_dequantize what it gives of what is read. A network with state keeps it from run to run; weft_reset_state forgets it.
 *
 *   if (status != WEFT_OK) puts(weft_status_text(status));
 *
 * Made by weft @VERSION@. C99, no dependencies, no dynamic memory.
 */
#ifndef WEFT_H
#define WEFT_H

#include <stddef.h>
#include <stdint.h>

#include "weft_registers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the functions return. Positive values are those of WEFT_ERROR_CODE. */
#define WEFT_OK 0
#define WEFT_NO_ACCELERATOR (-1)
#define WEFT_WRONG_VERSION (-2)
#define WEFT_WRONG_HARDWARE (-3)
#define WEFT_BUSY (-4)
#define WEFT_TIMEOUT (-5)
#define WEFT_NO_SUCH_TENSOR (-6)

/* How to reach the accelerator. Addresses are multiples of 4 inside its 28-bit space. */
typedef struct weft_device {
  uint32_t (*read32)(void *context, uint32_t address);
  void (*write32)(void *context, uint32_t address, uint32_t value);
  void *context;
} weft_device;

/* Types of what a network takes and gives. */
#define WEFT_INT8 0u
#define WEFT_UINT8 1u
#define WEFT_INT16 2u
#define WEFT_INT32 3u
#define WEFT_FLOAT32 4u

/* An input or output of the accelerator: where it lies in the feature memory and what its bytes mean.
 * real value = scale * (stored number - zero_point)
 * Stored numbers are int8, or int16 where int16_row is not 0: then int16_row high bytes lie before as many low bytes, less 128,
 * and so on.
 * What the network itself takes or gives there is of `type`; of integers it has a zero point of its own, and one is the other
 * times multiplier * 2^(exponent - 31). For WEFT_FLOAT32, multiplier says whether halves go to the even integer. */
typedef struct weft_tensor {
  const char *name;
  uint32_t address;
  uint32_t bytes;
  uint32_t rank;
  uint32_t shape[6];
  float scale;
  int32_t zero_point;
  uint32_t type;
  int32_t type_zero_point;
  int32_t multiplier;
  int32_t exponent;
  uint32_t int16_row;
} weft_tensor;

/* State that is kept from run to run: where it lies and what it is before the first one. */
typedef struct weft_state {
  uint32_t address;
  uint32_t bytes;
  const uint8_t *initial;
} weft_state;

/* A network compiled for hardware with one fingerprint. */
typedef struct weft_model {
  const char *name;
  uint32_t fingerprint;
  const uint32_t *program;
  uint32_t program_words;
  const uint32_t *weights;
  uint32_t weight_words;
  const uint32_t *parameters; /* three words per channel */
  uint32_t parameter_channels;
  const uint32_t *scalar_tables;
  uint32_t scalar_table_words;
  const uint32_t *byte_tables;
  uint32_t byte_table_words;
  const weft_tensor *inputs;
  uint32_t input_count;
  const weft_tensor *outputs;
  uint32_t output_count;
  const weft_state *states;
  uint32_t state_count;
} weft_model;

/* A device that is mapped into the processor's address space. */
weft_device weft_mmio(volatile void *base);
/* Checks that there is an accelerator of this version with this fingerprint. */
int weft_probe(const weft_device *device, uint32_t fingerprint);
/* Probes, then loads program, weights, parameters and tables, and resets state. Once, before the first run. */
int weft_load(const weft_device *device, const weft_model *model);
/* Gives state its first values: the next run is a first one. */
int weft_reset_state(const weft_device *device, const weft_model *model);
/* Makes the bytes of an input (tensor->bytes of them) of its numbers, of type tensor->type: float rounded, halves away from zero
 * or to even, integers rescaled as the network's QUANTIZE does, or as they are. */
void weft_quantize(const weft_tensor *tensor, const void *numbers, void *stored);
/* Makes numbers of type tensor->type of the bytes of an output. */
void weft_dequantize(const weft_tensor *tensor, const void *stored, void *numbers);
/* Writes input `index` (model->inputs[index].bytes bytes, C order). Before every run. */
int weft_write_input(const weft_device *device, const weft_model *model, uint32_t index, const void *data);
/* Starts the program. */
int weft_start(const weft_device *device);
/* Waits for the end, at most `polls` reads of the status. */
int weft_wait(const weft_device *device, uint32_t polls);
/* weft_start and weft_wait. */
int weft_run(const weft_device *device, uint32_t polls);
/* Reads output `index`. */
int weft_read_output(const weft_device *device, const weft_model *model, uint32_t index, void *data);
/* Clock cycles of the last run. */
uint64_t weft_cycles(const weft_device *device);
/* How long a run may take, in clock cycles of the accelerator; a longer one ends in an error. 0: as long as it likes. */
void weft_set_limit(const weft_device *device, uint32_t cycles);
/* Stops everything and forgets status, error and events; the memories keep their contents. */
void weft_reset(const weft_device *device);
/* A sentence for a returned value. */
const char *weft_status_text(int status);

#ifdef __cplusplus
}
#endif
#endif
