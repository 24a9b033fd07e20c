import FaceBank
import HTTPService

extension FaceService {
  /// The service's own paths, which `OpenAPI.document` describes.
  static func addRoutes(to router: inout Router<ServiceRoute<Storage>>) {
    router.add(.get, "/", ServiceRoute(action: .quick(FaceService.page), isOpen: true))
    router.add(.get, "/v1/openapi.json", ServiceRoute(action: .quick(FaceService.openAPI), isOpen: true))
    router.add(.get, "/v1/health", ServiceRoute(action: .quick(FaceService.health), isOpen: true))
    router.add(.post, "/v1/sign-in", ServiceRoute(action: .quick(FaceService.signIn), isOpen: true))
    router.add(.post, "/v1/sign-out", ServiceRoute(action: .quick(FaceService.signOut), isOpen: true))
    router.add(.get, "/v1/metrics", ServiceRoute(action: .quick(FaceService.metrics)))
    router.add(.get, "/v1/models", ServiceRoute(action: .work(FaceService.models)))
    router.add(.post, "/v1/detect", ServiceRoute(action: .work(FaceService.detect)))
    router.add(.post, "/v1/embed", ServiceRoute(action: .work(FaceService.embed)))
    router.add(.post, "/v1/compare", ServiceRoute(action: .work(FaceService.compare)))
    router.add(.post, "/v1/identify", ServiceRoute(action: .work(FaceService.identify)))
    router.add(.get, "/v1/people", ServiceRoute(action: .work(FaceService.listPeople)))
    router.add(.post, "/v1/people", ServiceRoute(action: .work(FaceService.addPerson)))
    router.add(.patch, "/v1/people/{name}", ServiceRoute(action: .work(FaceService.renamePerson)))
    router.add(.delete, "/v1/people/{name}", ServiceRoute(action: .work(FaceService.removePerson)))
    router.add(.post, "/v1/people/{name}/faces", ServiceRoute(action: .work(FaceService.addFaces)))
    router.add(.delete, "/v1/people/{name}/faces/{id}", ServiceRoute(action: .work(FaceService.removeFace)))
    router.add(.get, "/v1/people/{name}/faces/{id}/picture", ServiceRoute(action: .work(FaceService.picture)))
    router.add(.get, "/v1/events", ServiceRoute(action: .stream(.events)))
    router.add(.get, "/v1/events/{id}/snapshot", ServiceRoute(action: .quick(FaceService.snapshot)))
    router.add(.get, "/v1/live.mjpeg", ServiceRoute(action: .stream(.frames)))
    router.add(.get, "/v1/live.json", ServiceRoute(action: .quick(FaceService.liveFaces)))
    router.add(.get, "/v1/live.jpeg", ServiceRoute(action: .work(FaceService.livePicture)))
  }
}
