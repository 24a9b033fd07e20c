#!/usr/bin/env python3
"""Makes a video of people passing by, of whom it is known who they are: faces of ../shared/faces, moving over what the
photos of ../shared/photos give for a background.

    make_video.py SHARED FOLDER

FOLDER gets door.mjpeg, truth.json (who is where, from frame to frame) and people/NAME/*.jpg: other pictures of those who
are to be enrolled. Needs Pillow, NumPy and ffmpeg. The same on every run, but for what ffmpeg's version changes.
"""
import json
import math
import pathlib
import shutil
import subprocess
import sys

import numpy
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

WIDTH, HEIGHT, RATE, SECONDS = 960, 540, 25, 70
# Of whom there are enough pictures to enrol others than those that are seen.
KNOWN = ["Andre_Agassi", "Tony_Blair", "Jelena_Dokic", "Hugo_Chavez", "Keanu_Reeves", "Jennifer_Lopez"]
# How many pictures of a person are kept for the video.
SEEN = 2


class Visit:
    """One person passing by: seconds, places from 0 to 1, sizes in pixels of a picture of 150 × 150."""

    def __init__(self, person, begin, end, start, stop, size, pictures=(0,)):
        self.person, self.begin, self.end = person, begin, end
        self.start, self.stop, self.size, self.pictures = start, stop, size, pictures

    @property
    def name(self):
        return self.person if self.person in KNOWN else None

    def part(self, time):
        return (time - self.begin) / (self.end - self.begin)

    def place(self, time):
        """The centre in pixels, and the size."""
        part = self.part(time)
        x = self.start[0] + (self.stop[0] - self.start[0]) * part
        y = self.start[1] + (self.stop[1] - self.start[1]) * part + 0.012 * math.sin(5 * time)
        return x * WIDTH, y * HEIGHT, self.size[0] + (self.size[1] - self.size[0]) * part


# Those who come later are in front.
VISITS = [
    Visit("Andre_Agassi", 1, 8, (-0.1, 0.45), (1.1, 0.45), (200, 200)),
    Visit("Pete_Sampras", 5, 12, (1.1, 0.6), (-0.1, 0.5), (190, 220)),
    # One goes behind the other.
    Visit("Tony_Blair", 13, 21, (-0.1, 0.5), (1.1, 0.5), (190, 190)),
    Visit("Jelena_Dokic", 13.5, 21.5, (1.1, 0.52), (-0.1, 0.52), (210, 210)),
    # Behind a pillar for more than a second.
    Visit("Sarah_Hughes", 22, 30, (-0.1, 0.5), (1.1, 0.5), (180, 180)),
    # Four at once, one of whom comes nearer and looks otherwise then.
    Visit("Hugo_Chavez", 31, 40, (0.42, 0.3), (0.5, 0.65), (90, 260), (0, 1)),
    Visit("Keanu_Reeves", 33, 41, (-0.1, 0.3), (0.3, 1.2), (170, 200)),
    Visit("Jennifer_Lopez", 33.5, 41.5, (0.75, -0.25), (0.8, 1.25), (180, 180)),
    Visit("Bill_Graham", 35, 42, (1.1, 0.4), (-0.1, 0.2), (150, 150)),
    # Once more, after a while; a stranger goes by in front.
    Visit("Andre_Agassi", 46, 54, (-0.1, 0.5), (1.1, 0.5), (190, 190), (1,)),
    Visit("Anna_Kournikova", 46.5, 54.5, (1.1, 0.5), (-0.1, 0.5), (210, 210)),
    # One goes behind the pillar and stays there, and another comes out of it.
    Visit("Tony_Blair", 57, 61, (-0.1, 0.5), (0.5, 0.5), (190, 190), (1,)),
    Visit("Keanu_Reeves", 61.2, 65.2, (0.5, 0.5), (1.1, 0.5), (190, 190), (1,)),
]
# When the pillar is there.
PILLAR = [(21.9, 30.2), (56.5, 66)]
PILLAR_COLUMNS = (400, 560)


def pictures_of(shared, person):
    folder = pathlib.Path(shared, "faces", "dev_loose", person)
    return sorted(folder.glob("*.jpg"))


def sprite(path):
    """A face with what is around it in an ellipse."""
    picture = Image.open(path).convert("RGB").resize((300, 300), Image.LANCZOS)
    mask = Image.new("L", (300, 300), 0)
    ImageDraw.Draw(mask).ellipse((28, 6, 272, 294), fill=255)
    picture.putalpha(mask.filter(ImageFilter.GaussianBlur(6)))
    return picture


def background(shared, random):
    """A photo's tiles in another order: the colours and edges of a room, but nobody in it."""
    photo = Image.open(pathlib.Path(shared, "photos", "office2.jpg")).convert("RGB").resize((WIDTH, HEIGHT))
    tile = 30
    places = [(x, y) for y in range(0, HEIGHT, tile) for x in range(0, WIDTH, tile)]
    mixed = Image.new("RGB", (WIDTH, HEIGHT))
    for place, source in zip(places, random.permutation(len(places))):
        x, y = places[source]
        mixed.paste(photo.crop((x, y, x + tile, y + tile)), place)
    return mixed.filter(ImageFilter.GaussianBlur(3))


def draw(frame, visit, sprites, time):
    x, y, size = visit.place(time)
    faces = [sprites[visit.person][index] for index in visit.pictures]
    face = faces[0]
    if len(faces) > 1:
        # In half a second in the middle, one picture becomes the other.
        face = Image.blend(faces[0], faces[1], min(max((visit.part(time) - 0.55) * 10, 0), 1))
    light = 1 + 0.12 * math.sin(1.7 * time + x / 200)
    alpha = face.getchannel("A")
    face = ImageEnhance.Brightness(face.convert("RGB")).enhance(light)
    face.putalpha(alpha)
    face = face.rotate(6 * math.sin(2.1 * time + y / 90), Image.BICUBIC)
    face = face.resize((round(size), round(size)), Image.BILINEAR)
    frame.paste(face, (round(x - size / 2), round(y - size / 2)), face)


def truth():
    visits = []
    for visit in VISITS:
        first, last = math.ceil(visit.begin * RATE), math.floor(visit.end * RATE)
        # Frames are counted from 1.
        places = {frame + 1: [round(value, 1) for value in visit.place(frame / RATE)] for frame in range(first, last + 1)}
        visits.append({"person": visit.person, "name": visit.name, "places": places})
    return {"width": WIDTH, "height": HEIGHT, "rate": RATE, "frames": SECONDS * RATE, "visits": visits}


def main(shared, folder):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder / "people", ignore_errors=True)
    for person in KNOWN:
        (folder / "people" / person).mkdir(parents=True)
        for picture in pictures_of(shared, person)[SEEN:]:
            shutil.copy(picture, folder / "people" / person)
    (folder / "truth.json").write_text(json.dumps(truth()))

    people = {visit.person for visit in VISITS}
    sprites = {person: [sprite(path) for path in pictures_of(shared, person)[:SEEN]] for person in people}
    scene = background(shared, numpy.random.default_rng(22))
    encoder = subprocess.Popen(
        ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r",
         str(RATE), "-i", "-", "-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg", str(folder / "door.mjpeg")],
        stdin=subprocess.PIPE)
    for number in range(SECONDS * RATE):
        time = number / RATE
        frame = scene.copy()
        for visit in VISITS:
            if visit.begin <= time <= visit.end:
                draw(frame, visit, sprites, time)
        if any(begin <= time <= end for begin, end in PILLAR):
            ImageDraw.Draw(frame).rectangle((PILLAR_COLUMNS[0], 0, PILLAR_COLUMNS[1], HEIGHT), fill=(92, 84, 76))
        encoder.stdin.write(frame.tobytes())
    encoder.stdin.close()
    if encoder.wait() != 0:
        sys.exit("make_video: ffmpeg failed")


if __name__ == "__main__":
    main(*sys.argv[1:])
