import Foundation
import PartnerCenter
import Testing

extension Behaviour {
    /// No text that Swift makes of a value shows what it holds.
    @Suite struct Secrets {
        private static let secret = "invented-secret"

        private func isHidden(_ value: Any) {
            PartnerCenterTests.isHidden(value, Self.secret)
        }

        @Test func noValueShowsIt() async throws {
            isHidden(AccessToken(token: Self.secret, expiresOn: Date()))
            isHidden(Proxy(url: "http://user:\(Self.secret)@127.0.0.1:1"))
            isHidden(QualificationRequest(
                qualification: .governmentCommunityCloud, validationCode: Self.secret))
            let credential = Credential.staticToken(token: Self.secret)
            isHidden(credential)
            isHidden(RunOptions(codes: ["a name": Self.secret]))
            isHidden(Credential.clientCredentials(
                tenant: "t", clientId: "c", clientSecret: Self.secret))
            isHidden(Credential.refreshToken(
                tenant: "t", clientId: "c", refreshToken: Self.secret, clientSecret: Self.secret
            ) { _ in })
            isHidden(try Client(
                credential: credential, proxy: Proxy(url: "http://u:\(Self.secret)@127.0.0.1:1")))
        }

        @Test func noKeptTokenShowsIt() async throws {
            try await Emulated.with { emulated in
                let kept = Later<RefreshToken>()
                let about = emulated.about
                let credential = Credential.refreshToken(
                    tenant: about["tenant"].string ?? "", clientId: about["client_id"].string ?? "",
                    refreshToken: about["refresh_token"].string ?? "",
                    clientSecret: about["client_secret"].string ?? ""
                ) { kept.value = $0 }
                let client = try Client(credential: credential, options: emulated.options)
                _ = try await client.getCustomer(customer: Emulated.contoso)
                let token = try #require(kept.value)
                PartnerCenterTests.isHidden(token, token.secret())
            }
        }

        @Test func noListedCodeShowsItself() async throws {
            try await Emulated.with { emulated in
                let listed = try await emulated.client().getValidationCodes()
                #expect(!listed.codes.isEmpty)
                for code in listed.codes {
                    PartnerCenterTests.isHidden(code, code.value.reveal())
                    PartnerCenterTests.isHidden(listed, code.value.reveal())
                }
            }
        }

        @Test func listedCodesAreComparedByWhatTheyHold() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let codes = try await client.getValidationCodes().codes
                #expect(try await client.getValidationCodes().codes == codes)
                #expect(Set(codes + codes).count == codes.count)
            }
        }

        @Test func noErrorShowsIt() async throws {
            try await Emulated.with { emulated in
                let client = try emulated.client()
                let error = try await failure {
                    try await client.updateQualification(
                        customer: Emulated.contoso, qualification: .governmentCommunityCloud,
                        validationCode: Self.secret)
                }
                isHidden(error)
                isHidden(error.failure)
                let other = try Client(
                    credential: .staticToken(token: Self.secret), options: emulated.options)
                let refused = try await failure {
                    try await other.getCustomer(customer: Emulated.contoso)
                }
                #expect(refused.kind == .authentication)
                isHidden(refused)
            }
        }
    }
}

/// No text that is made of a value, and nothing that is seen inside it, holds the secret.
func isHidden(_ value: Any, _ secret: String) {
    var dumped = ""
    dump(value, to: &dumped)
    let texts = [
        String(describing: value), String(reflecting: value), "\(value)", dumped,
        "\(Mirror(reflecting: value).children.map { "\($0)" })",
    ]
    for text in texts { #expect(!text.contains(secret), "\(text)") }
}
