/// The page that a service shows: one HTML file, in UTF-8, that needs nothing from elsewhere.
package var servicePage: [UInt8] { PackageResources.page_html }

/// The service's paths, as OpenAPI 3.1 describes them: JSON.
package var serviceDescription: [UInt8] { PackageResources.openapi_json }
