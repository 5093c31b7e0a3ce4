#pragma once
#include <linux/videodev2.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <errno.h>

/* Swift imports neither these macros nor a function with variable arguments (ioctl(2)). A signal may interrupt a call. */
static inline int video_call(int device, unsigned long request, void *argument) {
  int result;
  do {
    result = ioctl(device, request, argument);
  } while (result < 0 && errno == EINTR);
  return result;
}

static inline int video_capability(int device, struct v4l2_capability *argument) {
  return video_call(device, VIDIOC_QUERYCAP, argument);
}

/* Asks for Motion JPEG of a size; the driver changes the values to those that it grants. */
static inline int video_format(int device, uint32_t *width, uint32_t *height, uint32_t *form) {
  struct v4l2_format format = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  format.fmt.pix.width = *width;
  format.fmt.pix.height = *height;
  format.fmt.pix.pixelformat = *form;
  format.fmt.pix.field = V4L2_FIELD_ANY;
  int result = video_call(device, VIDIOC_S_FMT, &format);
  *width = format.fmt.pix.width;
  *height = format.fmt.pix.height;
  *form = format.fmt.pix.pixelformat;
  return result;
}

/* Asks for a rate, which many drivers ignore. */
static inline int video_rate(int device, uint32_t per_second) {
  struct v4l2_streamparm parameters = {.type = V4L2_BUF_TYPE_VIDEO_CAPTURE};
  parameters.parm.capture.timeperframe.numerator = 1;
  parameters.parm.capture.timeperframe.denominator = per_second;
  return video_call(device, VIDIOC_S_PARM, &parameters);
}

static inline int video_request(int device, uint32_t *count) {
  struct v4l2_requestbuffers request = {
      .count = *count, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  int result = video_call(device, VIDIOC_REQBUFS, &request);
  *count = request.count;
  return result;
}

static inline int video_place(int device, uint32_t index, uint32_t *offset, uint32_t *length) {
  struct v4l2_buffer buffer = {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  int result = video_call(device, VIDIOC_QUERYBUF, &buffer);
  *offset = buffer.m.offset;
  *length = buffer.length;
  return result;
}

static inline int video_queue(int device, uint32_t index) {
  struct v4l2_buffer buffer = {.index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP};
  return video_call(device, VIDIOC_QBUF, &buffer);
}

static inline int video_dequeue(int device, struct v4l2_buffer *buffer) {
  buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  buffer->memory = V4L2_MEMORY_MMAP;
  return video_call(device, VIDIOC_DQBUF, buffer);
}

static inline int video_start(int device) {
  int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  return video_call(device, VIDIOC_STREAMON, &type);
}

static const uint32_t video_mjpeg = V4L2_PIX_FMT_MJPEG;
static const uint32_t video_jpeg = V4L2_PIX_FMT_JPEG;
static const uint32_t video_can_capture = V4L2_CAP_VIDEO_CAPTURE;
static const uint32_t video_can_stream = V4L2_CAP_STREAMING;
static const uint32_t video_has_device_capabilities = V4L2_CAP_DEVICE_CAPS;
static const uint32_t video_is_faulty = V4L2_BUF_FLAG_ERROR;
static const uint32_t video_is_monotonic = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
static const uint32_t video_clock_mask = V4L2_BUF_FLAG_TIMESTAMP_MASK;
