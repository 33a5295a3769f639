#include "s3_client.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>

#include "bucket.hpp"

namespace pqc {
namespace {

std::atomic<bool> is_exiting = false;

/// The usual retries of the AWS tools, until the process exits.
class Retries : public arrow::fs::S3RetryStrategy {
public:
    explicit Retries(int32_t attempts) : usual(GetAwsStandardRetryStrategy(attempts)) {}

    bool ShouldRetry(const AWSErrorDetail &error, int64_t attempted) override {
        return !is_exiting && usual->ShouldRetry(error, attempted);
    }

    int64_t CalculateDelayBeforeNextRetry(const AWSErrorDetail &error, int64_t attempted) override {
        return is_exiting ? 0 : usual->CalculateDelayBeforeNextRetry(error, attempted);
    }

private:
    const std::shared_ptr<S3RetryStrategy> usual;
};

/// Whether a broken pipe would end the process, because SIGPIPE has its default action.
bool sigpipe_is_fatal() {
    struct sigaction action;
    return sigaction(SIGPIPE, nullptr, &action) == 0 && !(action.sa_flags & SA_SIGINFO) &&
           action.sa_handler == SIG_DFL;
}

/// Waits for pending requests, because the client can only be shut down when there are none.
void end_s3() {
    is_exiting = true;
    (void)arrow::fs::EnsureS3Finalized();
}

}  // namespace

void start_s3() {
    static std::once_flag once;
    std::call_once(once, [] {
        arrow::fs::S3GlobalOptions options{arrow::fs::S3LogLevel::Off};
        // Requests also run on Arrow's threads, which do not block SIGPIPE. The process's own handling takes
        // precedence.
        options.install_sigpipe_handler = sigpipe_is_fatal();
        if (const auto status = arrow::fs::InitializeS3(options); !status.ok()) {
            throw Failure(PQC_INTERNAL, "cannot start the S3 client: " + status.message());
        }

        // Arrow's client crashes at exit unless it is shut down before its static objects are destroyed. These are
        // created with the first file system, so one is created, without a connection, before the shutdown is
        // registered.
        auto first = arrow::fs::S3Options::Anonymous();
        first.region = "us-east-1";
        check_request(arrow::fs::S3FileSystem::Make(first), "s3://", "");
        std::atexit(end_s3);
    });
}

std::shared_ptr<arrow::fs::S3RetryStrategy> retries(int32_t attempts) {
    return std::make_shared<Retries>(attempts);
}

}  // namespace pqc
