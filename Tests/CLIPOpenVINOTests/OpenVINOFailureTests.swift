import CLIPCore
import CLIPOpenVINO
import Testing

@Suite struct OpenVINOFailureTests {
    /// The first four are what OpenVINO 2026.4.1 said where the address space was limited.
    @Test(arguments: [
        "Exception from src/inference/src/cpp/core.cpp:84: Could not allocate memory at offset 17851",
        "Exception from src/inference/src/dev/plugin.cpp:54: can't alloc",
        "Check 'ptr' failed at src/plugins/intel_cpu/src/cpu_memory.cpp:257: Failed to allocate 9437184 bytes of memory",
        "Cannot load library libopenvino_intel_cpu_plugin.so: failed to map segment: Cannot allocate memory",
        "std::bad_alloc",
        "could not create a primitive: out_of_memory",
    ]) func aLackOfMemoryHasTheCodeThatHalvesBatches(_ reason: String) {
        let error = OpenVINOFailure.error("image_encoder.xml failed", reason, .inference)
        #expect(error.code == .outOfMemory)
        #expect(error.message == "image_encoder.xml failed: there is not enough memory (\(reason))")
    }

    @Test func otherFailuresKeepTheirCodeAndMessage() {
        let error = OpenVINOFailure.error("Cannot load a.xml", "Unable to read the model", .invalidModel)
        #expect(error.code == .invalidModel && error.message == "Cannot load a.xml: Unable to read the model")
    }
}
