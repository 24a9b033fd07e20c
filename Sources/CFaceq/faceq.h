/*
 * faceq: finds faces, turns them into embeddings in int8, and says who they are.
 *
 * The library is one file, libfaceq, with its codecs inside. It needs libc, libm and pthreads and nothing else. It
 * never ends the process, installs no signal handler, prints nothing and reads no environment variable. Its embeddings
 * are those of the command `faceq`, bit for bit, on every machine and with any number of threads.
 *
 *     faceq_session *session;
 *     if (faceq_session_create(NULL, &session)) return 1;
 *     if (faceq_open(session, "int8.gguf") || faceq_open(session, "detector.gguf")) {
 *       fprintf(stderr, "%s\n", faceq_message(session));
 *     }
 *     faceq_info info = {.struct_size = sizeof(faceq_info)};
 *     faceq_session_info(session, &info);
 *     float *embeddings = malloc(2 * info.embedding_size * sizeof(float));
 *     faceq_image photos[2] = {{sizeof(faceq_image), FACEQ_FILE, 0, 0, "a.jpg", 0, 0},
 *                              {sizeof(faceq_image), FACEQ_FILE, 0, 0, "b.jpg", 0, 0}};
 *     float cosine;
 *     if (faceq_embed(session, photos, 2, NULL, embeddings, NULL) == FACEQ_OK &&
 *         faceq_compare(embeddings, embeddings + info.embedding_size, info.embedding_size, &cosine) == FACEQ_OK) {
 *       printf("%f\n", cosine);
 *     } else {
 *       fprintf(stderr, "%s\n", faceq_message(session));
 *     }
 *     free(embeddings);
 *     faceq_session_close(session);
 *
 * Threads. A session, or a bank, belongs to one thread at a time: any thread may use it, but not two at once.
 * Different sessions and banks are independent of each other. A session has worker threads of its own, which sleep
 * between calls. They do not live on in a child of fork(): make a new session there.
 *
 * Memory. The library keeps no pointer that it is given after the call, unless said otherwise. Models and detectors
 * that are opened from files are mapped: sessions and processes share their pages. Replace such files by renaming,
 * never in place. Memory for pictures, models and activations is asked for before it is used, and FACEQ_OUT_OF_MEMORY
 * says where there is none; where the system has not even a few kilobytes left, the process ends, as it does in most
 * programs.
 *
 * Errors. A function that can fail returns a status; the handle then has a sentence in English, in UTF-8, which says
 * what is wrong and what to do. After an error a handle is as it was before the call.
 *
 * Growth. Structs that may grow begin with `struct_size`: set it to sizeof the struct (in an array, of the elements).
 * All else may be zero, which means the usual. Programs built with an older header of the same major version go on
 * working.
 */
#ifndef FACEQ_H
#define FACEQ_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a session works with: an embedding model, a detector, or both, and threads. */
typedef struct faceq_session faceq_session;
/* The faces of people, bound to the model that embedded them. */
typedef struct faceq_bank faceq_bank;

typedef enum faceq_status {
  FACEQ_OK = 0,
  /* A pointer is null, a number out of its range, or a struct_size unknown. */
  FACEQ_INVALID_ARGUMENT = 1,
  FACEQ_OUT_OF_MEMORY = 2,
  /* This machine does not have the instruction set, or refuses the threads. */
  FACEQ_UNSUPPORTED = 3,
  /* A model, a detector or a bank cannot be read or written, is damaged, or is something else. */
  FACEQ_UNUSABLE_FILE = 4,
  /* A picture cannot be read, is damaged, or is larger than 64,000,000 pixels. */
  FACEQ_UNUSABLE_PICTURE = 5,
  /* A picture shows no face, or none that could be used. */
  FACEQ_NO_FACE = 6,
  /* The session has no model, or no detector, that the call needs. */
  FACEQ_NOT_OPEN = 7,
  /* A bank is bound to another model. */
  FACEQ_OTHER_MODEL = 8,
  /* The self-test found other bits than it should. */
  FACEQ_WRONG_RESULT = 9
} faceq_status;

/* The version of the library, such as "1.0.0". */
const char *faceq_version(void);

/*
 * Writes the names of the instruction sets that the library can use here, slowest first, with spaces between them:
 * "portable avx2 vnni". Writes at most `capacity` bytes, the last of them zero. Returns the length of the whole text.
 */
size_t faceq_instruction_sets(char *names, size_t capacity);

/* ---- Sessions ---- */

typedef struct faceq_options {
  size_t struct_size;
  /* How many threads share the work, 1…256, the calling one included; 0 is one for each core, or each big core. */
  uint32_t threads;
  /* One of faceq_instruction_sets; null is the fastest. */
  const char *instruction_set;
} faceq_options;

/*
 * Makes a session. `options` may be null. Whether the machine can do what the options say is checked by faceq_open.
 * Fails with FACEQ_INVALID_ARGUMENT (also more than 256 threads) or FACEQ_OUT_OF_MEMORY; `*session` is then null.
 */
faceq_status faceq_session_create(const faceq_options *options, faceq_session **session);

/* Ends a session and its threads. Null is nothing. Banks that were opened with it stay open. */
void faceq_session_close(faceq_session *session);

/* Why the last call with this session failed: one sentence, never null, valid until the next call with the session. */
const char *faceq_message(const faceq_session *session);

/*
 * Opens a model file: an embedding model or a detector, as the file says. Each session has one of each; a second one
 * takes the place of the first. All of the file is verified.
 */
faceq_status faceq_open(faceq_session *session, const char *path);

/* As faceq_open, from memory. The bytes are copied. */
faceq_status faceq_open_memory(faceq_session *session, const void *bytes, size_t size);

typedef struct faceq_info {
  size_t struct_size;
  /* Components of an embedding; 0 without a model. */
  uint32_t embedding_size;
  /* The size of an aligned face that the model wants, in pixels; 0 without a model. */
  uint32_t face_width, face_height;
  uint32_t threads;
  /* Each 0 or 1. A stand-in was never trained and identifies nobody. */
  uint32_t has_detector, is_int8, is_stand_in;
  char instruction_set[20];
  /* 32 hexadecimal digits that stand for all that decides the embeddings, or the faces found; empty where there is no
   * model, or no detector. */
  char model_digest[40], detector_digest[40];
} faceq_info;

/* What a session works with. `info->struct_size` is to be set. */
faceq_status faceq_session_info(faceq_session *session, faceq_info *info);

/*
 * Embeds a pattern and compares with what the model, and the detector, were calibrated to give: FACEQ_OK where every
 * bit is the same, FACEQ_WRONG_RESULT where not, FACEQ_NOT_OPEN where neither brings a self-test (float models do not).
 */
faceq_status faceq_self_test(faceq_session *session);

/* ---- Pictures ---- */

typedef enum faceq_format {
  /* Pixels, 8 bits for each channel, rows from the top. Alpha is left out of account. */
  FACEQ_RGB = 1,
  FACEQ_BGR = 2,
  FACEQ_RGBA = 3,
  FACEQ_BGRA = 4,
  FACEQ_GREY = 5,
  /* The bytes of a JPEG or PNG file. It is turned upright by its EXIF orientation. */
  FACEQ_ENCODED = 6,
  /* The path of a JPEG or PNG file, ending with a zero. */
  FACEQ_FILE = 7
} faceq_format;

typedef struct faceq_image {
  size_t struct_size;
  faceq_format format;
  /* Of pixels, at least 1 each. */
  uint32_t width, height;
  /* The pixels, the file's bytes, or its path. */
  const void *data;
  /* Bytes at `data`; not of a path. Of pixels, at least (height − 1) · row_bytes and one row without padding. */
  size_t size;
  /* Of pixels, from one row to the next; 0 where nothing is between them. */
  size_t row_bytes;
} faceq_image;

/* A picture of exactly the model's size is an aligned face, in faceq_embed and in faceq_detect with embeddings.
 * With FACEQ_ALIGNED anything else is FACEQ_UNUSABLE_PICTURE, and with FACEQ_PHOTO every picture is searched. */
#define FACEQ_ALIGNED 1u
#define FACEQ_PHOTO 2u
/* Adds the mirror image's embedding to each, and normalises again. */
#define FACEQ_FLIP 4u
/* Pictures are upright: does not search the turned picture where no face is found, which takes twice as long. */
#define FACEQ_UPRIGHT 8u
/* Embeds faces that the picture's edge cuts off, too, with black where nothing of them is. */
#define FACEQ_CUT_OFF 16u

/* How faces are looked for, and which are embedded. Zero is the usual, for each. */
typedef struct faceq_settings {
  size_t struct_size;
  /* FACEQ_ALIGNED and others, added up. */
  uint32_t flags;
  /* In pixels of the picture, 12…100,000: narrower faces need not be found. */
  uint32_t minimum_face;
  /* The score from which on a face is one, 0.01…1, and how much it may overlap a better one, 0…1. Not with MTCNN. */
  float score, overlap;
  /* The probabilities, 0.1…1, that a face must reach in MTCNN's three networks; all three, or none. */
  float thresholds[3];
  /* The quality, 0…1, that a face must have to be embedded. */
  float quality;
} faceq_settings;

/* Why a face that was found should not be embedded. */
typedef enum faceq_fault {
  FACEQ_FAULTLESS = 0,
  /* Its eyes are less than 9 pixels apart. */
  FACEQ_TOO_SMALL = 1,
  FACEQ_OUTSIDE = 2,
  FACEQ_UPSIDE_DOWN = 3,
  /* Its landmarks do not look like a face's, or the detector finds none. */
  FACEQ_DISTORTED = 4,
  /* Its quality is less than the settings ask for. */
  FACEQ_POOR = 5,
  /* The model gave no embedding of it. */
  FACEQ_NO_EMBEDDING = 6
} faceq_fault;

/* A face, in pixels of the picture, of a file in those of its upright picture at full size. (0, 0) is the centre of the
 * top left pixel. */
typedef struct faceq_face {
  size_t struct_size;
  float left, top, right, bottom;
  /* The detector's certainty, 0…1. */
  float score;
  /* x, y of the left eye, the right eye, the nose, the left and the right corner of the mouth; left in the picture. */
  float landmarks[10];
  /* About the cosine of the face's embedding with that of the same face taken well, 0…1. */
  float quality;
  faceq_fault fault;
  /* 0 or 1: whether the picture has to be turned by 180° for this face. Its eyes are then below its mouth, and left and
   * right are those of the turned picture. */
  uint32_t is_upside_down;
} faceq_face;

/*
 * Finds the faces in a picture, largest first, and embeds them where `embeddings` is not null.
 *
 *   settings    may be null
 *   faces       [capacity]; faces[0].struct_size is to be set, and is the distance from one to the next
 *   embeddings  [capacity][embedding_size], or null. Of unit length; zeros for a face with a fault
 *   capacity    the most faces to hand out, at least 1
 *   count       how many faces were found, also where that is more than `capacity`
 *
 * No face is no error: *count is then 0.
 */
faceq_status faceq_detect(
    faceq_session *session, const faceq_image *image, const faceq_settings *settings, faceq_face *faces,
    float *embeddings, size_t capacity, size_t *count);

/*
 * Aligns a face: writes `side` × `side` pixels, RGB [row][column][3], as models are trained on. `side` is 16…1024.
 *
 *   landmarks  ten numbers, as in faceq_face
 */
faceq_status faceq_align(
    faceq_session *session, const faceq_image *image, const float *landmarks, uint32_t side, uint8_t *rgb);

/*
 * Embeds one face of each picture: aligned ones as they are, in photos the largest. All threads share the pictures.
 *
 *   images      [count]; images[0].struct_size is the distance from one to the next
 *   settings    may be null
 *   embeddings  [count][embedding_size], of unit length; zeros where a picture failed
 *   statuses    [count], or null
 *
 * A picture that fails does not keep others from being embedded. Returns the status of the first that failed.
 */
faceq_status faceq_embed(
    faceq_session *session, const faceq_image *images, size_t count, const faceq_settings *settings, float *embeddings,
    faceq_status *statuses);

/* Why the picture with this index failed in the last faceq_embed with this session: empty where it did not. */
const char *faceq_image_message(const faceq_session *session, size_t index);

/* The cosine of two embeddings of `size` components, −1…1: about 0 for different people. */
faceq_status faceq_compare(const float *a, const float *b, size_t size, float *cosine);

/* ---- Banks ---- */

/* Names of people are UTF-8 of 1 to 200 bytes without control characters. */
#define FACEQ_NAME_SIZE 208

/* The cosine from which on `faceq identify` says that a face is a person's. */
#define FACEQ_IDENTIFYING_COSINE 0.4f

/*
 * Reads the bank at `path`, or begins an empty one where there is none, for the session's model and detector.
 * A bank that names no detector yet records the session's when it is saved. Another one than the bank names is no
 * error, see faceq_bank_detector.
 * Where that fails, faceq_message(session) says why, and `*bank` is null.
 */
faceq_status faceq_bank_open(faceq_session *session, const char *path, faceq_bank **bank);

/* Forgets the bank, and what was not saved. Null is nothing. */
void faceq_bank_close(faceq_bank *bank);

/* As faceq_message, of a bank. */
const char *faceq_bank_message(const faceq_bank *bank);

/*
 * The digest of the detector that found the bank's faces, as in faceq_info; empty where the bank names none. Valid until
 * the bank is closed. Embeddings of faces that another detector found can be compared with the bank's, but their cosines
 * are a little smaller.
 */
const char *faceq_bank_detector(const faceq_bank *bank);

/*
 * Adds an embedding of a person. The same one is not added twice.
 *
 *   photo  what the embedding is from, for people to read; null is nothing
 */
faceq_status faceq_bank_enrol(faceq_bank *bank, const char *person, const char *photo, const float *embedding);

/* Removes a person with all embeddings. *removed, where it is not null, is how many these were. */
faceq_status faceq_bank_remove(faceq_bank *bank, const char *person, size_t *removed);

typedef struct faceq_match {
  size_t struct_size;
  /* The two people most like the face, and the cosines with the mean of their embeddings. Where there are not so many,
   * the name is empty and the cosine −1. */
  char person[FACEQ_NAME_SIZE];
  float cosine;
  char runner_up[FACEQ_NAME_SIZE];
  float runner_up_cosine;
} faceq_match;

/* Who is most like a face. `match->struct_size` is to be set. */
faceq_status faceq_bank_identify(faceq_bank *bank, const float *embedding, faceq_match *match);

typedef struct faceq_person {
  size_t struct_size;
  char name[FACEQ_NAME_SIZE];
  /* How many embeddings of the person there are. */
  size_t photos;
} faceq_person;

/* How many people are in a bank. */
size_t faceq_bank_people(faceq_bank *bank);

/* The person with this index, in the order of names. `person->struct_size` is to be set. */
faceq_status faceq_bank_person(faceq_bank *bank, size_t index, faceq_person *person);

/* Writes the bank to its file, all of it or nothing. What others wrote there since it was opened is lost. */
faceq_status faceq_bank_save(faceq_bank *bank);

#ifdef __cplusplus
}
#endif

#endif
