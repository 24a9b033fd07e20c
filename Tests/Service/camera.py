"""A camera that sends MJPEG by HTTP: people come and go, again and again."""
import http.server
import io
import threading
import time

from PIL import Image

WIDTH, HEIGHT, RATE = 640, 480, 10


class Camera:
    """Each of the photos is shown for three seconds, moving a little, and nobody for three."""

    def __init__(self, photos):
        self.frames = [frame for photo in photos for frame in passing(photo)]
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                try:
                    camera.send(self.wfile)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def send(self, file):
        while True:
            for frame in self.frames:
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame)}\r\n\r\n"
                file.write(head.encode() + frame + b"\r\n")
                time.sleep(1 / RATE)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def passing(path):
    face = Image.open(path).convert("RGB").resize((240, 240))
    frames = []
    for step in range(3 * RATE):
        frame = Image.new("RGB", (WIDTH, HEIGHT), (90, 100, 110))
        frame.paste(face, (150 + 4 * step, 120))
        frames.append(jpeg(frame))
    return frames + [jpeg(Image.new("RGB", (WIDTH, HEIGHT), (90, 100, 110)))] * (3 * RATE)


def jpeg(image):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92)
    return file.getvalue()
