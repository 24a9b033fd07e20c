/// The page under `/`.
enum ServicePage {
  static let html = """
    <!doctype html><meta charset="utf-8"><title>faceq</title><p>faceq answers here. Its paths are described in
    <a href="/v1/openapi.json">/v1/openapi.json</a>.
    """
}
