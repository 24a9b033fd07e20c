/* Uses every function of faceq.h. See scripts/test-library.
 *
 *     library_test FOLDER MODEL DETECTOR PHOTO FACE...
 *
 * FOLDER/packed.gguf is the model packed for i8mm. Writes the embeddings of the aligned faces to FOLDER/embeddings.f32,
 * to be compared with the command's. */
#include <faceq.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

static void expect(int condition, const char *what, int line) {
  if (condition) return;
  fprintf(stderr, "library_test.c:%d: %s\n", line, what);
  failures++;
}
#define EXPECT(condition) expect((condition), #condition, __LINE__)

static void expect_ok(faceq_status status, const char *message, const char *what, int line) {
  if (status == FACEQ_OK) return;
  fprintf(stderr, "library_test.c:%d: %s: status %d, %s\n", line, what, (int)status, message);
  failures++;
}
#define EXPECT_OK(session, call) expect_ok((call), faceq_message(session), #call, __LINE__)

static int mentions(const char *text, const char *part) { return strstr(text, part) != NULL; }

static unsigned char *contents(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  unsigned char *bytes;
  long length;
  if (!file) exit(2);
  fseek(file, 0, SEEK_END);
  length = ftell(file);
  rewind(file);
  bytes = malloc((size_t)length + 1);
  *size = bytes ? fread(bytes, 1, (size_t)length, file) : 0;
  fclose(file);
  if (*size != (size_t)length) exit(2);
  return bytes;
}

static faceq_image file_image(const char *path) {
  faceq_image image;
  memset(&image, 0, sizeof image);
  image.struct_size = sizeof image;
  image.format = FACEQ_FILE;
  image.data = path;
  return image;
}

static faceq_image pixel_image(faceq_format format, unsigned width, unsigned height, const void *data, size_t size) {
  faceq_image image;
  memset(&image, 0, sizeof image);
  image.struct_size = sizeof image;
  image.format = format;
  image.width = width;
  image.height = height;
  image.data = data;
  image.size = size;
  return image;
}

static faceq_session *session_of(const char *model, const char *detector, unsigned threads) {
  faceq_options options;
  faceq_session *session;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.threads = threads;
  if (faceq_session_create(&options, &session)) exit(2);
  EXPECT_OK(session, faceq_open(session, model));
  EXPECT_OK(session, faceq_open(session, detector));
  return session;
}

/* What needs no model. */
static void test_library(void) {
  char names[64], few[5];
  float a[2] = {1, 0}, b[2] = {0.6f, 0.8f}, cosine = 0;
  size_t length = faceq_instruction_sets(names, sizeof names);
  EXPECT(faceq_version()[0] != 0);
  EXPECT(length == strlen(names) && mentions(names, "portable"));
  EXPECT(faceq_instruction_sets(few, sizeof few) == length && strlen(few) == 4);
  EXPECT(faceq_instruction_sets(NULL, 0) == length);
  EXPECT(faceq_compare(a, b, 2, &cosine) == FACEQ_OK && fabsf(cosine - 0.6f) < 1e-6f);
  EXPECT(faceq_compare(NULL, b, 2, &cosine) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_compare(a, b, 0, &cosine) == FACEQ_INVALID_ARGUMENT);
}

/* Every wrong argument is a status and a sentence. */
static void test_arguments(const char *model, const char *detector, const char *face) {
  faceq_session *session = NULL;
  faceq_bank *bank = (faceq_bank *)&session;
  faceq_options options;
  faceq_info info;
  faceq_face found[2];
  faceq_settings settings;
  faceq_image image = file_image(face);
  float embedding[4096];
  size_t count = 7;
  unsigned char pixels[12] = {0};

  EXPECT(faceq_session_create(NULL, NULL) == FACEQ_INVALID_ARGUMENT);
  memset(&options, 0, sizeof options);
  EXPECT(faceq_session_create(&options, &session) == FACEQ_INVALID_ARGUMENT && !session);
  options.struct_size = sizeof options;
  options.threads = 257;
  EXPECT(faceq_session_create(&options, &session) == FACEQ_INVALID_ARGUMENT && !session);
  options.threads = 1;
  options.instruction_set = "sse";
  EXPECT(faceq_session_create(&options, &session) == FACEQ_OK && session);
  EXPECT(faceq_open(session, model) == FACEQ_UNSUPPORTED && mentions(faceq_message(session), "sse"));
  faceq_session_close(session);

  EXPECT(faceq_session_create(NULL, &session) == FACEQ_OK);
  EXPECT(faceq_message(session)[0] == 0);
  EXPECT(faceq_message(NULL)[0] != 0 && faceq_bank_message(NULL)[0] != 0 && faceq_image_message(NULL, 0)[0] != 0);
  EXPECT(faceq_open(NULL, model) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_open(session, NULL) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_open(session, "no-such.gguf") == FACEQ_UNUSABLE_FILE);
  EXPECT(mentions(faceq_message(session), "no-such.gguf"));
  EXPECT(faceq_open(session, face) == FACEQ_UNUSABLE_FILE);
  EXPECT(faceq_open_memory(session, pixels, sizeof pixels) == FACEQ_UNUSABLE_FILE);
  EXPECT(faceq_open_memory(session, pixels, 0) == FACEQ_UNUSABLE_FILE);
  EXPECT(faceq_open_memory(session, NULL, 4) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_self_test(session) == FACEQ_NOT_OPEN);
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_NOT_OPEN);
  EXPECT(faceq_bank_open(session, "x.bank", &bank) == FACEQ_NOT_OPEN && !bank);
  found[0].struct_size = sizeof *found;
  EXPECT(faceq_detect(session, &image, NULL, found, NULL, 2, &count) == FACEQ_NOT_OPEN && count == 0);
  info.struct_size = 4;
  EXPECT(faceq_session_info(session, &info) == FACEQ_INVALID_ARGUMENT);
  info.struct_size = sizeof info;
  EXPECT(faceq_session_info(session, &info) == FACEQ_OK && info.embedding_size == 0 && !info.has_detector);
  faceq_session_close(session);
  faceq_session_close(NULL);

  session = session_of(model, detector, 1);
  EXPECT(faceq_open(session, "no-such.gguf") == FACEQ_UNUSABLE_FILE);
  EXPECT_OK(session, faceq_embed(session, &image, 1, NULL, embedding, NULL));
  EXPECT(faceq_embed(session, NULL, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_embed(session, &image, 0, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_embed(session, &image, 1, NULL, NULL, NULL) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_detect(session, &image, NULL, found, NULL, 0, &count) == FACEQ_INVALID_ARGUMENT);
  found[0].struct_size = 12;
  EXPECT(faceq_detect(session, &image, NULL, found, NULL, 2, &count) == FACEQ_INVALID_ARGUMENT);
  found[0].struct_size = sizeof *found;
  memset(&settings, 0, sizeof settings);
  settings.struct_size = sizeof settings;
  settings.minimum_face = 3;
  EXPECT(faceq_detect(session, &image, &settings, found, NULL, 2, &count) == FACEQ_INVALID_ARGUMENT);
  settings.minimum_face = 0;
  settings.flags = FACEQ_ALIGNED | FACEQ_PHOTO;
  EXPECT(faceq_embed(session, &image, 1, &settings, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  settings.flags = 1u << 30;
  EXPECT(faceq_embed(session, &image, 1, &settings, embedding, NULL) == FACEQ_INVALID_ARGUMENT);

  image = pixel_image(FACEQ_RGB, 2, 2, pixels, sizeof pixels);
  settings.flags = FACEQ_ALIGNED;
  EXPECT(faceq_embed(session, &image, 1, &settings, embedding, NULL) == FACEQ_UNUSABLE_PICTURE);
  settings.flags = 0;
  EXPECT(faceq_embed(session, &image, 1, &settings, embedding, NULL) == FACEQ_NO_FACE && embedding[0] == 0);
  image.size = 11;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  image.size = sizeof pixels;
  image.width = 0;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  image.width = 4000000000u;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  image.width = 2;
  image.row_bytes = (size_t)-1;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  image.row_bytes = 0;
  image.format = (faceq_format)99;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  image.format = FACEQ_ENCODED;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_UNUSABLE_PICTURE);
  image.size = 0;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_UNUSABLE_PICTURE);
  image.data = NULL;
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_INVALID_ARGUMENT);
  image = file_image("no-such.jpg");
  EXPECT(faceq_embed(session, &image, 1, NULL, embedding, NULL) == FACEQ_UNUSABLE_PICTURE);
  EXPECT(mentions(faceq_message(session), "no-such.jpg"));
  faceq_session_close(session);
}

/* The aligned faces at once, from files; their rows are kept. One that fails keeps no other from being embedded. */
static void test_embedding(faceq_session *session, const char *folder, char **faces, size_t count) {
  faceq_info info;
  faceq_image *images = calloc(count + 1, sizeof *images);
  faceq_status *statuses = calloc(count + 1, sizeof *statuses);
  float *rows, *again;
  char path[4096];
  FILE *file;
  size_t index, size;
  unsigned char *bytes;

  info.struct_size = sizeof info;
  EXPECT_OK(session, faceq_session_info(session, &info));
  EXPECT(info.embedding_size > 0 && info.is_int8 == 1 && info.has_detector == 1 && strlen(info.model_digest) == 32);
  EXPECT(info.threads >= 1 && info.instruction_set[0] != 0);
  rows = calloc((count + 1) * info.embedding_size, sizeof *rows);
  again = calloc(info.embedding_size, sizeof *again);
  if (!images || !statuses || !rows || !again) exit(2);

  for (index = 0; index < count; index++) images[index] = file_image(faces[index]);
  images[count] = file_image("no-such.jpg");
  EXPECT(faceq_embed(session, images, count + 1, NULL, rows, statuses) == FACEQ_UNUSABLE_PICTURE);
  EXPECT(statuses[0] == FACEQ_OK && statuses[count] == FACEQ_UNUSABLE_PICTURE && rows[count * info.embedding_size] == 0);
  EXPECT(faceq_image_message(session, 0)[0] == 0 && mentions(faceq_image_message(session, count), "no-such.jpg"));
  EXPECT(faceq_image_message(session, count + 1)[0] == 0);

  sprintf(path, "%.4000s/embeddings.f32", folder);
  file = fopen(path, "wb");
  EXPECT(file && fwrite(rows, sizeof *rows * info.embedding_size, count, file) == count);
  if (file) fclose(file);

  /* The same from a file's bytes. */
  bytes = contents(faces[0], &size);
  images[0].format = FACEQ_ENCODED;
  images[0].data = bytes;
  images[0].size = size;
  EXPECT_OK(session, faceq_embed(session, images, 1, NULL, again, NULL));
  EXPECT(memcmp(again, rows, sizeof *rows * info.embedding_size) == 0);
  EXPECT(faceq_image_message(session, 0)[0] == 0);
  free(bytes);
  free(images);
  free(statuses);
  free(rows);
  free(again);
}

/* Pixels in every order are one picture: the face of the photo gets the same embedding. */
static void test_formats(faceq_session *session, const unsigned char *rgb, unsigned side, size_t components) {
  static const struct {
    faceq_format format;
    int channels, red, blue;
  } orders[] = {{FACEQ_RGB, 3, 0, 2}, {FACEQ_BGR, 3, 2, 0}, {FACEQ_RGBA, 4, 0, 2}, {FACEQ_BGRA, 4, 2, 0}};
  float *first = calloc(components, sizeof *first), *other = calloc(components, sizeof *other);
  size_t order, index, row_bytes = side * 4 + 5;
  unsigned char *pixels = malloc(row_bytes * side);
  faceq_image image;
  if (!first || !other || !pixels) exit(2);
  for (order = 0; order < 4; order++) {
    memset(pixels, 0xaa, row_bytes * side);
    for (index = 0; index < (size_t)side * side; index++) {
      unsigned char *pixel = pixels + index / side * row_bytes + index % side * (size_t)orders[order].channels;
      pixel[orders[order].red] = rgb[3 * index];
      pixel[1] = rgb[3 * index + 1];
      pixel[orders[order].blue] = rgb[3 * index + 2];
    }
    image = pixel_image(orders[order].format, side, side, pixels, row_bytes * side);
    image.row_bytes = row_bytes;
    EXPECT_OK(session, faceq_embed(session, &image, 1, NULL, order ? other : first, NULL));
    EXPECT(order == 0 || memcmp(first, other, components * sizeof *first) == 0);
  }
  for (index = 0; index < (size_t)side * side; index++) pixels[index] = rgb[3 * index];
  image = pixel_image(FACEQ_GREY, side, side, pixels, (size_t)side * side);
  EXPECT_OK(session, faceq_embed(session, &image, 1, NULL, other, NULL));
  free(first);
  free(other);
  free(pixels);
}

/* From a photo to faces, by each of the ways there are. */
static void test_detection(faceq_session *session, const char *photo) {
  faceq_info info;
  faceq_face faces[64], alone[64];
  faceq_image image = file_image(photo), aligned;
  faceq_settings settings;
  size_t count = 0, counted = 0, index;
  unsigned char *rgb;
  float *rows, *row;

  info.struct_size = sizeof info;
  EXPECT_OK(session, faceq_session_info(session, &info));
  rows = calloc(64 * info.embedding_size, sizeof *rows);
  row = calloc(info.embedding_size, sizeof *row);
  rgb = malloc((size_t)info.face_width * info.face_height * 3);
  if (!rows || !row || !rgb) exit(2);

  faces[0].struct_size = alone[0].struct_size = sizeof *faces;
  EXPECT_OK(session, faceq_detect(session, &image, NULL, alone, NULL, 64, &counted));
  EXPECT_OK(session, faceq_detect(session, &image, NULL, faces, rows, 64, &count));
  EXPECT(count == counted && count > 0 && count <= 64);
  for (index = 0; index < count && index < 64; index++) {
    EXPECT(memcmp(&faces[index], &alone[index], sizeof *faces) == 0);
    EXPECT(faces[index].right > faces[index].left && faces[index].score > 0 && faces[index].quality <= 1);
  }
  EXPECT(faces[0].fault == FACEQ_FAULTLESS);

  /* Room for one face: the largest, and how many there are. */
  alone[0].struct_size = sizeof *faces;
  alone[1].left = -7;
  EXPECT_OK(session, faceq_detect(session, &image, NULL, alone, NULL, 1, &counted));
  EXPECT(counted == count && alone[0].left == faces[0].left && alone[1].left == -7);

  /* Aligning and embedding the largest face by hand, and embedding the photo, are the same. */
  EXPECT_OK(session, faceq_align(session, &image, faces[0].landmarks, info.face_width, rgb));
  aligned = pixel_image(FACEQ_RGB, info.face_width, info.face_height, rgb, (size_t)info.face_width * info.face_height * 3);
  EXPECT_OK(session, faceq_embed(session, &aligned, 1, NULL, row, NULL));
  EXPECT(memcmp(row, rows, info.embedding_size * sizeof *row) == 0);
  EXPECT_OK(session, faceq_embed(session, &image, 1, NULL, row, NULL));
  EXPECT(memcmp(row, rows, info.embedding_size * sizeof *row) == 0);
  test_formats(session, rgb, info.face_width, info.embedding_size);
  EXPECT(faceq_align(session, &image, faces[0].landmarks, 4, rgb) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_align(session, &image, NULL, 112, rgb) == FACEQ_INVALID_ARGUMENT);
  memset(alone[0].landmarks, 0, sizeof alone[0].landmarks);
  EXPECT(faceq_align(session, &image, alone[0].landmarks, 112, rgb) == FACEQ_INVALID_ARGUMENT);

  memset(&settings, 0, sizeof settings);
  settings.struct_size = sizeof settings;
  settings.flags = FACEQ_FLIP | FACEQ_UPRIGHT | FACEQ_CUT_OFF;
  settings.minimum_face = 40;
  EXPECT_OK(session, faceq_embed(session, &image, 1, &settings, row, NULL));
  EXPECT(memcmp(row, rows, info.embedding_size * sizeof *row) != 0);
  settings.quality = 1;
  EXPECT(faceq_embed(session, &image, 1, &settings, row, NULL) == FACEQ_NO_FACE);
  faces[0].struct_size = sizeof *faces;
  EXPECT_OK(session, faceq_detect(session, &image, &settings, faces, rows, 64, &count));
  EXPECT(faces[0].fault == FACEQ_POOR && rows[0] == 0);
  free(rows);
  free(row);
  free(rgb);
}

static void test_bank(faceq_session *session, const char *folder, const char *a, const char *b) {
  faceq_info info;
  faceq_bank *bank;
  faceq_match match;
  faceq_person person;
  faceq_image images[2];
  float *rows;
  char path[4096];
  size_t removed = 9;

  info.struct_size = sizeof info;
  EXPECT_OK(session, faceq_session_info(session, &info));
  rows = calloc(2 * info.embedding_size, sizeof *rows);
  if (!rows) exit(2);
  images[0] = file_image(a);
  images[1] = file_image(b);
  EXPECT_OK(session, faceq_embed(session, images, 2, NULL, rows, NULL));

  sprintf(path, "%.4000s/people.bank", folder);
  remove(path);
  EXPECT_OK(session, faceq_bank_open(session, path, &bank));
  match.struct_size = sizeof match;
  EXPECT(faceq_bank_identify(bank, rows, &match) == FACEQ_OK && match.person[0] == 0 && match.cosine == -1);
  EXPECT(faceq_bank_enrol(bank, "Ada", "a.jpg", rows) == FACEQ_OK);
  EXPECT(faceq_bank_enrol(bank, "Ada", "a.jpg", rows) == FACEQ_OK);
  EXPECT(faceq_bank_enrol(bank, "Bob", NULL, rows + info.embedding_size) == FACEQ_OK);
  EXPECT(faceq_bank_enrol(bank, "", NULL, rows) == FACEQ_INVALID_ARGUMENT);
  EXPECT(mentions(faceq_bank_message(bank), "name"));
  EXPECT(faceq_bank_enrol(bank, "J\366rg", NULL, rows) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_bank_enrol(bank, "Eve", NULL, NULL) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_bank_identify(bank, rows, &match) == FACEQ_OK);
  EXPECT(!strcmp(match.person, "Ada") && match.cosine > 0.999f && !strcmp(match.runner_up, "Bob"));
  EXPECT(match.runner_up_cosine < match.cosine && match.runner_up_cosine < FACEQ_IDENTIFYING_COSINE);
  EXPECT(faceq_bank_save(bank) == FACEQ_OK);
  faceq_bank_close(bank);

  EXPECT_OK(session, faceq_bank_open(session, path, &bank));
  person.struct_size = sizeof person;
  EXPECT(!strcmp(faceq_bank_detector(bank), info.detector_digest) && faceq_bank_detector(NULL)[0] == 0);
  EXPECT(faceq_bank_people(bank) == 2 && faceq_bank_people(NULL) == 0);
  EXPECT(faceq_bank_person(bank, 1, &person) == FACEQ_OK && !strcmp(person.name, "Bob") && person.photos == 1);
  EXPECT(faceq_bank_person(bank, 2, &person) == FACEQ_INVALID_ARGUMENT);
  EXPECT(faceq_bank_remove(bank, "Bob", &removed) == FACEQ_OK && removed == 1);
  EXPECT(faceq_bank_remove(bank, "Bob", NULL) == FACEQ_OK && faceq_bank_people(bank) == 1);
  rows[0] = 3;
  EXPECT(faceq_bank_identify(bank, rows, &match) == FACEQ_INVALID_ARGUMENT);
  match.struct_size = 0;
  EXPECT(faceq_bank_identify(bank, rows, &match) == FACEQ_INVALID_ARGUMENT);
  faceq_bank_close(bank);
  faceq_bank_close(NULL);
  EXPECT(faceq_bank_open(session, a, &bank) == FACEQ_UNUSABLE_FILE && !bank);
  EXPECT(faceq_bank_save(NULL) == FACEQ_INVALID_ARGUMENT);
  free(rows);
}

/* A model in memory is that in the file. */
static void test_memory(const char *model, const char *face) {
  faceq_session *session, *other;
  faceq_image image = file_image(face);
  float a[4096] = {0}, b[4096] = {0};
  size_t size;
  unsigned char *bytes = contents(model, &size);
  if (faceq_session_create(NULL, &session) || faceq_session_create(NULL, &other)) exit(2);
  EXPECT_OK(session, faceq_open_memory(session, bytes, size));
  bytes[size - 1] ^= 0x55;
  EXPECT(faceq_open_memory(session, bytes, size) == FACEQ_UNUSABLE_FILE);
  free(bytes);
  EXPECT_OK(other, faceq_open(other, model));
  EXPECT_OK(session, faceq_embed(session, &image, 1, NULL, a, NULL));
  EXPECT_OK(other, faceq_embed(other, &image, 1, NULL, b, NULL));
  EXPECT(memcmp(a, b, sizeof a) == 0 && a[0] != 0);
  EXPECT_OK(session, faceq_self_test(session));
  faceq_session_close(session);
  faceq_session_close(other);
}

/* Writes a file's first bytes. */
static void write_part(const char *path, const unsigned char *bytes, size_t size) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(bytes, 1, size, file) != size) exit(2);
  fclose(file);
}

static int is_sentence(const char *text) { return strlen(text) > 20 && !strchr(text, '\n'); }

/* Damaged files are a status and a sentence, and leave nothing behind: Valgrind looks. */
static void test_damage(const char *folder, const char *model, const char *detector, const char *photo) {
  const char *files[2];
  char path[4096];
  faceq_session *session = session_of(model, detector, 1), *other;
  faceq_options options;
  faceq_image image;
  faceq_face faces[4];
  size_t count, index, part, size;
  unsigned char *bytes;
  files[0] = model;
  files[1] = detector;
  faces[0].struct_size = sizeof *faces;

  sprintf(path, "%.4000s/damaged", folder);
  for (index = 0; index < 2; index++) {
    bytes = contents(files[index], &size);
    for (part = 1; part <= 8; part++) {
      size_t kept = size * part / 8, place = size * part / 9;
      if (part == 8) kept--;
      EXPECT(faceq_open_memory(session, bytes, kept) == FACEQ_UNUSABLE_FILE);
      EXPECT(mentions(faceq_message(session), "in memory") && is_sentence(faceq_message(session)));
      write_part(path, bytes, kept);
      EXPECT(faceq_open(session, path) == FACEQ_UNUSABLE_FILE);
      EXPECT(mentions(faceq_message(session), path) && is_sentence(faceq_message(session)));
      bytes[place] ^= 0x10;
      EXPECT(faceq_open_memory(session, bytes, size) == FACEQ_UNUSABLE_FILE);
      bytes[place] ^= 0x10;
    }
    free(bytes);
  }

  sprintf(path, "%.4000s/packed.gguf", folder);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.instruction_set = "portable";
  if (faceq_session_create(&options, &other)) exit(2);
  EXPECT(faceq_open(other, path) == FACEQ_UNSUPPORTED && mentions(faceq_message(other), "packed"));
  EXPECT(is_sentence(faceq_message(other)));
  faceq_session_close(other);

  /* A header that is cut short is found when a picture is opened, what is behind it when it is searched. */
  sprintf(path, "%.4000s/damaged", folder);
  bytes = contents(photo, &size);
  for (part = 0; part < 3; part++) {
    size_t kept = part == 0 ? 100 : size * part / 3;
    write_part(path, bytes, kept);
    image = file_image(path);
    EXPECT(faceq_detect(session, &image, NULL, faces, NULL, 4, &count) == FACEQ_UNUSABLE_PICTURE && count == 0);
    EXPECT(mentions(faceq_message(session), path) && mentions(faceq_message(session), "damaged"));
    EXPECT(is_sentence(faceq_message(session)));
    image.format = FACEQ_ENCODED;
    image.data = bytes;
    image.size = kept;
    EXPECT(faceq_detect(session, &image, NULL, faces, NULL, 4, &count) == FACEQ_UNUSABLE_PICTURE && count == 0);
    EXPECT(mentions(faceq_message(session), "the picture") && mentions(faceq_message(session), "damaged"));
  }
  free(bytes);
  image = file_image(photo);
  EXPECT_OK(session, faceq_detect(session, &image, NULL, faces, NULL, 4, &count));
  faceq_session_close(session);
  remove(path);
}

int main(int count, char **arguments) {
  unsigned threads;
  if (count < 7) {
    fprintf(stderr, "usage: library_test FOLDER MODEL DETECTOR PHOTO FACE FACE...\n");
    return 64;
  }
  test_library();
  test_arguments(arguments[2], arguments[3], arguments[5]);
  test_memory(arguments[2], arguments[5]);
  test_damage(arguments[1], arguments[2], arguments[3], arguments[4]);
  for (threads = 1; threads <= 2; threads++) {
    faceq_session *session = session_of(arguments[2], arguments[3], threads);
    test_embedding(session, arguments[1], arguments + 5, (size_t)count - 5);
    test_detection(session, arguments[4]);
    test_bank(session, arguments[1], arguments[5], arguments[6]);
    EXPECT_OK(session, faceq_self_test(session));
    faceq_session_close(session);
  }
  if (failures == 0) printf("library_test: all is well with version %s\n", faceq_version());
  return failures > 0;
}
