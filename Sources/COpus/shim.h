#pragma once
#include <opus/opus.h>

/* Swift cannot call opus_encoder_ctl and opus_decoder_ctl, which have variable arguments. */
static inline int ringcast_opus_set_bitrate(OpusEncoder *encoder, int bits) {
  return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bits));
}
static inline int ringcast_opus_set_complexity(OpusEncoder *encoder, int complexity) {
  return opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity));
}
static inline int ringcast_opus_set_prediction_disabled(OpusEncoder *encoder, int disabled) {
  return opus_encoder_ctl(encoder, OPUS_SET_PREDICTION_DISABLED(disabled));
}
static inline int ringcast_opus_reset_encoder(OpusEncoder *encoder) {
  return opus_encoder_ctl(encoder, OPUS_RESET_STATE);
}
static inline int ringcast_opus_reset_decoder(OpusDecoder *decoder) {
  return opus_decoder_ctl(decoder, OPUS_RESET_STATE);
}
