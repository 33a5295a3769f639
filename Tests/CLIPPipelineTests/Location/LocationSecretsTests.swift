import CLIPCore
import CLIPPipeline
import Testing

@Suite struct LocationSecretsTests {
    @Test(arguments: [
        "https://user:hidden@host/a.jpg", "HTTP://user:hidden@host/a.jpg", "https://hidden@host/",
        "http:///user:hidden@host/a",
        "http:////user:hidden@host/a", "http:/user:hidden@host/a", "http:user:hidden@host/a",
        "http:\\\\user:hidden@host/a",
        "https://user:hidden@\u{301}host/a.jpg", "https://user:hidden\u{301}@host/a.jpg",
        "https://user:hid/den@host/a.jpg",
        " https://user:hidden@host/", "\thttps://user:hidden@host/", "https://user:hidden%40host/a.jpg",
        "https://user%3Ahidden@host/a.jpg", "ftp://user:hidden@host/a.jpg", "ftp:///user:hidden@host/a.jpg",
        "https://[::1]:hidden@host/", "https://us&er:hidden@host/",
        "https://archive/web/https://user:hidden@host/a.jpg",
        "https://proxy/?url=https%3A%2F%2Fuser%3Ahidden%40host%2Fa",
        "s3://key:hidden@bucket/a", "s3:///key:hidden@bucket/a", "s3://key:hid/den@bucket/a",
        "s3://b/a?X-Amz-Signature=hidden", "s3://b/a?X%2DAmz%2DSignature=hidden", "s3://b/a?\u{301}&secret_key=hidden",
    ])
    func anAddressWithCredentialsIsRefusedWithoutThem(location: String) {
        let error = #expect(throws: CLIPError.self) { try LocationSecrets.requireNone(in: location) }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("hid") == false)
    }

    @Test(arguments: [
        "https://host/a@b.jpg", "https://host:8080/a@b.jpg", "https://[::1]/a@b.jpg", "https://[::1]:80/a@b.jpg",
        "https://host/?mail=a@b", "https://host/#a@b", "https://host/@user/https://other/@user/a.jpg",
        "https://host/?u=https://other&mail=a@b", "https://host/?u=https%3A%2F%2Fother%3Fm%3Da%40b",
        "file:///home/a:b@c/d.jpg", "photos/a:b@c.jpg", "a@b.jpg", "s3://bucket/a@b.jpg", "s3://bucket/a?b=c",
        "http://",
        "s3://bucket/https://x:y@z/a.jpg",
    ])
    func otherAddressesAreTaken(location: String) {
        #expect(throws: Never.self) { try LocationSecrets.requireNone(in: location) }
        #expect(LocationSecrets.publicText(of: location) == location)
    }

    @Test(arguments: [
        "X-Amz-Signature", "x-amz-security-token", "X%2DAmz%2DSignature", "AWSAccessKeyId", "Key-Pair-Id",
        "X-Goog-Signature",
        "GoogleAccessId", "Edge-Cache-Token", "sig", "Authorization", "x-oss-signature", "OSSAccessKeyId",
        "security-token",
        "auth_key", "x-obs-security-token", "AccessKeyId", "q-signature", "q-ak", "x-tos-signature",
        "x-bce-security-token",
        "hdnts", "hdnea", "__token__", "__gda__", "_upt", "txSecret", "access_token", "access-token", "private_token",
        "%74oken", "subscription-key", "password", "x-signature", "hmac", "api-token", "bearer", "credentials",
    ])
    func aSignedURLIsShownWithoutItsQuery(name: String) {
        for query in [
            "?\(name)=hidden", "?a=1&\(name)=hidden&b", "?a;\(name)=hidden", "#\(name)=hidden", "?a=1#\(name)=hidden",
        ] {
            #expect(LocationSecrets.publicText(of: "https://host/a.jpg" + query) == "https://host/a.jpg")
            #expect(LocationSecrets.withoutQuery("https://host/a.jpg" + query) == "https://host/a.jpg")
        }
    }

    @Test(arguments: [
        "https://host/a?\u{301}&sig=hidden", " https://host/a?sig=hidden", "gs://bucket/a?X-Goog-Signature=hidden",
        "https://host/a?url=https%3A%2F%2Fother%2Fb%3Fsig%3Dhidden",
        "https://host/a?u=https%253A%252F%252Fo%253Fsig%253Dhidden",
        "https://host/a?sign=hidden-0123456789abcdef", "https://host/a?verify=1700000000-hidden0123456789",
        "https://host/a?key=AIzahidden", "https://host/a?x-expires=1700000000&x-signature=hidden%2Fabc%3D",
        "https://host/a?code=hidden-0123456789abcdef", "https://host/a?ticket=hidden-0123456789abcdef",
        "https://host/a?session=hidden-0123456789abcd", "https://host/a?md5=hidden-0123456789abc&expires=1700000000",
        "https://host/a?exp=1700000000&hash=hidden-0123456789abcdef",
    ])
    func otherWaysToWriteASignatureAreSeen(location: String) {
        #expect(!LocationSecrets.publicText(of: location).contains("hidden"))
        #expect(!LocationSecrets.withoutQuery(location).contains("hidden"))
    }

    @Test(arguments: [
        "https://host/a?key=photos/1.jpg", "https://host/a?sign=aries", "https://host/a?auth=no", "https://host/a?sig",
        "https://host/a?token=", "https://host/a?x-oss-process=image/resize,w_100", "https://host/a?w=100&s=200",
        "https://host/a?code=de", "https://host/a?session=2024-05-01", "https://host/a?ticket=17",
        "https://host/a?md5=d41d8cd98f00b204e9800998ecf8427e", "https://host/a?hash=d41d8cd98f00b204e9800998ecf8427e",
        "https://host/a?expires=1700000000", "https://host/a?hash=1&expires=1700000000",
    ])
    func parametersThatChooseAnImageAreKept(location: String) {
        #expect(LocationSecrets.publicText(of: location) == location)
    }
}
