// The part of the TurboJPEG 2.x C API that is used here, declared by hand so that no libc header is needed (this module
// is also compiled for the bare-metal ARM triple). Follows turbojpeg.h of libjpeg-turbo 2.1.5; 3.x still exports every
// function. No stable API: for FaceImages only.
#pragma once

typedef void *tjhandle;

enum TJPF { TJPF_RGB = 0, TJPF_CMYK = 11 };
enum TJSAMP { TJSAMP_444 = 0 };
enum TJFLAG { TJFLAG_ACCURATEDCT = 4096, TJFLAG_STOPONWARNING = 8192, TJFLAG_LIMITSCANS = 32768 };

tjhandle tjInitCompress(void);
tjhandle tjInitDecompress(void);
int tjDestroy(tjhandle handle);

int tjDecompress2(tjhandle handle, const unsigned char *jpeg, unsigned long jpegSize, unsigned char *pixels, int width,
                  int pitch, int height, int pixelFormat, int flags);

/// Allocates `*jpeg` when it is null; `tjFree` gives it back.
int tjCompress2(tjhandle handle, const unsigned char *pixels, int width, int pitch, int height, int pixelFormat,
                unsigned char **jpeg, unsigned long *jpegSize, int subsampling, int quality, int flags);
void tjFree(unsigned char *buffer);

char *tjGetErrorStr2(tjhandle handle);
