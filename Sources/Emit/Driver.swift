// The C driver of a bundle: register map and functions, the same for every network and every hardware. C99, no dependencies.

import Machine

/// `weft_registers.h`: the registers, windows and their fields.
public func registerHeader() -> String { licensedC(RegisterMap.addressMap().cHeader) }

/// `weft.h`: types and functions.
public func driverHeader() -> String {
  licensedC(
    """
    /* Driver of a Weft accelerator: load a network, write inputs, start, wait, read outputs.
     *
     *   weft_device device = weft_mmio((void *)0x40000000);     // where the AXI4-Lite port is mapped
     *   int status = weft_load(&device, &weft_network);          // weft_network: model.h
     *   if (status == WEFT_OK) status = weft_write_input(&device, &weft_network, 0, input);
     *   if (status == WEFT_OK) status = weft_run(&device, 1000000);
     *   if (status == WEFT_OK) status = weft_read_output(&device, &weft_network, 0, output);
     *   if (status != WEFT_OK) puts(weft_status_text(status));
     *
     * Made by weft \(toolVersion). C99, no dependencies, no dynamic memory.
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

    /* An input or output: where it lies in the feature memory and what its bytes mean.
     * real value = scale * (stored int8 - zero_point) */
    typedef struct weft_tensor {
      const char *name;
      uint32_t address;
      uint32_t bytes;
      uint32_t rank;
      uint32_t shape[6];
      float scale;
      int32_t zero_point;
    } weft_tensor;

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
    } weft_model;

    /* A device that is mapped into the processor's address space. */
    weft_device weft_mmio(volatile void *base);
    /* Checks that there is an accelerator of this version with this fingerprint. */
    int weft_probe(const weft_device *device, uint32_t fingerprint);
    /* Probes, then loads program, weights, parameters and tables. Once, before the first run. */
    int weft_load(const weft_device *device, const weft_model *model);
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

    """)
}

/// `weft.c`.
public func driverSource() -> String {
  var text = """
    /* Driver of a Weft accelerator; see weft.h. Made by weft \(toolVersion). */
    #include "weft.h"

    static uint32_t mmio_read(void *context, uint32_t address) {
      return *(volatile uint32_t *)((volatile unsigned char *)context + address);
    }

    static void mmio_write(void *context, uint32_t address, uint32_t value) {
      *(volatile uint32_t *)((volatile unsigned char *)context + address) = value;
    }

    weft_device weft_mmio(volatile void *base) {
      weft_device device = {mmio_read, mmio_write, (void *)base};
      return device;
    }

    static uint32_t get(const weft_device *device, uint32_t address) {
      return device->read32(device->context, address);
    }

    static void put(const weft_device *device, uint32_t address, uint32_t value) {
      device->write32(device->context, address, value);
    }

    static void put_words(const weft_device *device, uint32_t address, const uint32_t *words, uint32_t count) {
      uint32_t i;
      for (i = 0; i < count; ++i) put(device, address + 4 * i, words[i]);
    }

    static int is_busy(const weft_device *device) { return (get(device, WEFT_STATUS) & WEFT_STATUS_BUSY_MASK) != 0; }

    int weft_probe(const weft_device *device, uint32_t fingerprint) {
      if (get(device, WEFT_IDENTITY) != WEFT_IDENTITY_MAGIC_VALUE) return WEFT_NO_ACCELERATOR;
      if (get(device, WEFT_VERSION) != WEFT_VERSION_NUMBER_VALUE) return WEFT_WRONG_VERSION;
      if (get(device, WEFT_FINGERPRINT) != fingerprint) return WEFT_WRONG_HARDWARE;
      return WEFT_OK;
    }

    int weft_load(const weft_device *device, const weft_model *model) {
      uint32_t i;
      const int status = weft_probe(device, model->fingerprint);
      if (status != WEFT_OK) return status;
      if (is_busy(device)) return WEFT_BUSY;
      put_words(device, WEFT_PROGRAM, model->program, model->program_words);
      put_words(device, WEFT_WEIGHTS, model->weights, model->weight_words);
      for (i = 0; i < model->parameter_channels; ++i)
        put_words(device, WEFT_PARAMETERS + 16 * i, model->parameters + 3 * i, 3);
      put_words(device, WEFT_SCALAR_TABLES, model->scalar_tables, model->scalar_table_words);
      put_words(device, WEFT_BYTE_TABLES, model->byte_tables, model->byte_table_words);
      return WEFT_OK;
    }

    int weft_write_input(const weft_device *device, const weft_model *model, uint32_t index, const void *data) {
      const unsigned char *bytes = (const unsigned char *)data;
      uint32_t at, end, i = 0;
      if (index >= model->input_count) return WEFT_NO_SUCH_TENSOR;
      if (is_busy(device)) return WEFT_BUSY;
      at = model->inputs[index].address;
      end = at + model->inputs[index].bytes;
      while (at < end) {
        const uint32_t address = WEFT_FEATURES + (at & ~3u);
        /* A word that is not written whole keeps its other bytes. */
        uint32_t word = (at & 3u) != 0 || end - at < 4 ? get(device, address) : 0;
        do {
          const uint32_t shift = 8 * (at & 3u);
          word = (word & ~((uint32_t)0xFF << shift)) | (uint32_t)bytes[i++] << shift;
          ++at;
        } while ((at & 3u) != 0 && at < end);
        put(device, address, word);
      }
      return WEFT_OK;
    }

    int weft_start(const weft_device *device) {
      if (is_busy(device)) return WEFT_BUSY;
      put(device, WEFT_CONTROL, WEFT_CONTROL_START_MASK);
      return WEFT_OK;
    }

    int weft_wait(const weft_device *device, uint32_t polls) {
      while (polls-- > 0) {
        const uint32_t status = get(device, WEFT_STATUS);
        if ((status & WEFT_STATUS_ERROR_MASK) != 0) return (int)(get(device, WEFT_ERROR) & WEFT_ERROR_CODE_MASK);
        if ((status & WEFT_STATUS_DONE_MASK) != 0) return WEFT_OK;
      }
      return WEFT_TIMEOUT;
    }

    int weft_run(const weft_device *device, uint32_t polls) {
      const int status = weft_start(device);
      return status != WEFT_OK ? status : weft_wait(device, polls);
    }

    int weft_read_output(const weft_device *device, const weft_model *model, uint32_t index, void *data) {
      unsigned char *bytes = (unsigned char *)data;
      uint32_t at, end, word = 0, i = 0;
      if (index >= model->output_count) return WEFT_NO_SUCH_TENSOR;
      if (is_busy(device)) return WEFT_BUSY;
      at = model->outputs[index].address;
      end = at + model->outputs[index].bytes;
      for (; at < end; ++at, ++i) {
        if (i == 0 || (at & 3u) == 0) word = get(device, WEFT_FEATURES + (at & ~3u));
        bytes[i] = (unsigned char)(word >> (8 * (at & 3u)));
      }
      return WEFT_OK;
    }

    uint64_t weft_cycles(const weft_device *device) {
      return (uint64_t)get(device, WEFT_CYCLES_HIGH) << 32 | get(device, WEFT_CYCLES_LOW);
    }

    void weft_set_limit(const weft_device *device, uint32_t cycles) { put(device, WEFT_LIMIT, cycles); }

    void weft_reset(const weft_device *device) {
      put(device, WEFT_CONTROL, WEFT_CONTROL_RESET_MASK);
      put(device, WEFT_INTERRUPT_STATUS, WEFT_INTERRUPT_STATUS_DONE_MASK | WEFT_INTERRUPT_STATUS_ERROR_MASK);
    }

    const char *weft_status_text(int status) {
      switch (status) {
        case WEFT_OK: return "done";
        case WEFT_NO_ACCELERATOR: return "no Weft accelerator at this address";
        case WEFT_WRONG_VERSION: return "the accelerator's version is not this driver's";
        case WEFT_WRONG_HARDWARE: return "the network was compiled for another configuration of the accelerator";
        case WEFT_BUSY: return "the accelerator is busy";
        case WEFT_TIMEOUT: return "the accelerator did not finish in time";
        case WEFT_NO_SUCH_TENSOR: return "the network has no input or output of that number";

    """
  for code in RegisterMap.ErrorCode.allCases where code != .none {
    text += "    case (int)WEFT_ERROR_CODE_\(upperSnake("\(code)")): return \"\(code.summary)\";\n"
  }
  text += """
        default: return "unknown status";
      }
    }

    """
  return licensedC(text)
}
