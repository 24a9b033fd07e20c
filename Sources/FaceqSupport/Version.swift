/// The version of faceq, as `faceq --version` prints it and model files remember it.
public let faceqVersion = "0.1.0"
