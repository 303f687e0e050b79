/* Driver of a Weft accelerator; see weft.h. Made by weft @VERSION@. */
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
  return weft_reset_state(device, model);
}

/* Writes bytes at any address of the feature memory. */
static void put_features(const weft_device *device, uint32_t at, const unsigned char *bytes, uint32_t count) {
  const uint32_t end = at + count;
  uint32_t i = 0;
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
}

int weft_write_input(const weft_device *device, const weft_model *model, uint32_t index, const void *data) {
  if (index >= model->input_count) return WEFT_NO_SUCH_TENSOR;
  if (is_busy(device)) return WEFT_BUSY;
  put_features(device, model->inputs[index].address, (const unsigned char *)data, model->inputs[index].bytes);
  return WEFT_OK;
}

int weft_reset_state(const weft_device *device, const weft_model *model) {
  uint32_t i;
  if (is_busy(device)) return WEFT_BUSY;
  for (i = 0; i < model->state_count; ++i)
    put_features(device, model->states[i].address, model->states[i].initial, model->states[i].bytes);
  return WEFT_OK;
}

/* value * multiplier * 2^(exponent - 31), rounded twice. */
static int32_t rescaled(int32_t value, int32_t multiplier, int32_t exponent) {
  const int left = exponent > 0 ? (int)exponent : 0, right = exponent < 0 ? (int)-exponent : 0;
  const int64_t product = (int64_t)(int32_t)((uint32_t)value << left) * multiplier;
  const int64_t high = (product + (product >= 0 ? (int64_t)1 << 30 : 1 - ((int64_t)1 << 30))) / ((int64_t)1 << 31);
  const int64_t mask = ((int64_t)1 << right) - 1;
  return (int32_t)((high >> right) + ((high & mask) > (mask >> 1) + (high < 0)));
}

static int32_t clamped(int64_t value, int32_t low, int32_t high) {
  return value < low ? low : value > high ? high : (int32_t)value;
}

/* The nearest integer, halves away from zero, or to the even one; what is no number is 0. */
static int64_t rounded(float value, int to_even) {
  float rest;
  int64_t whole;
  if (value != value) return 0;
  if (value > 1e6f) return 1000000;
  if (value < -1e6f) return -1000000;
  whole = (int64_t)value;
  rest = value - (float)whole;
  if (to_even && whole % 2 == 0 && (rest == 0.5f || rest == -0.5f)) return whole;
  return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

/* Numbers of a tensor. */
static uint32_t count_of(const weft_tensor *tensor) { return tensor->int16_row != 0 ? tensor->bytes / 2u : tensor->bytes; }

/* The byte of number `i`, or its high byte; the low byte is int16_row bytes behind it. */
static uint32_t place_of(const weft_tensor *tensor, uint32_t i) {
  const uint32_t row = tensor->int16_row;
  return row != 0 ? i / row * 2u * row + i % row : i;
}

static void store(const weft_tensor *tensor, signed char *bytes, uint32_t i, int64_t number) {
  const uint32_t place = place_of(tensor, i);
  if (tensor->int16_row == 0) {
    bytes[place] = (signed char)clamped(number, -128, 127);
  } else {
    const int32_t value = (int32_t)clamped(number, -32768, 32767), low = value & 255;
    bytes[place] = (signed char)((value - low) / 256);
    bytes[place + tensor->int16_row] = (signed char)(low - 128);
  }
}

static int32_t load(const weft_tensor *tensor, const signed char *bytes, uint32_t i) {
  const uint32_t place = place_of(tensor, i);
  return tensor->int16_row == 0 ? bytes[place] : 256 * bytes[place] + bytes[place + tensor->int16_row] + 128;
}

void weft_quantize(const weft_tensor *tensor, const void *numbers, void *stored) {
  signed char *bytes = (signed char *)stored;
  uint32_t i;
  for (i = 0; i < count_of(tensor); ++i) {
    int64_t value = 0;
    switch (tensor->type) {
      case WEFT_FLOAT32:
        store(tensor, bytes, i, rounded(((const float *)numbers)[i] / tensor->scale, tensor->multiplier) + tensor->zero_point);
        continue;
      case WEFT_UINT8: value = ((const uint8_t *)numbers)[i]; break;
      case WEFT_INT16: value = ((const int16_t *)numbers)[i]; break;
      case WEFT_INT32: value = ((const int32_t *)numbers)[i]; break;
      default: value = ((const signed char *)numbers)[i]; break;
    }
    value = rescaled((int32_t)value - tensor->type_zero_point, tensor->multiplier, tensor->exponent);
    store(tensor, bytes, i, value + tensor->zero_point);
  }
}

void weft_dequantize(const weft_tensor *tensor, const void *stored, void *numbers) {
  const signed char *bytes = (const signed char *)stored;
  uint32_t i;
  for (i = 0; i < count_of(tensor); ++i) {
    const int32_t difference = load(tensor, bytes, i) - tensor->zero_point;
    int64_t value;
    if (tensor->type == WEFT_FLOAT32) {
      ((float *)numbers)[i] = tensor->scale * (float)difference;
      continue;
    }
    value = (int64_t)rescaled(difference, tensor->multiplier, tensor->exponent) + tensor->type_zero_point;
    switch (tensor->type) {
      case WEFT_INT8: ((signed char *)numbers)[i] = (signed char)clamped(value, -128, 127); break;
      case WEFT_UINT8: ((uint8_t *)numbers)[i] = (uint8_t)clamped(value, 0, 255); break;
      case WEFT_INT16: ((int16_t *)numbers)[i] = (int16_t)clamped(value, -32768, 32767); break;
      default: ((int32_t *)numbers)[i] = (int32_t)value; break;
    }
  }
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
@ERROR_CASES@
    default: return "unknown status";
  }
}
