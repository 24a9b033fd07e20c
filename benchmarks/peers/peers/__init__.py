"""Measures faceq beside ONNX Runtime, OpenVINO and ncnn on the same network."""
