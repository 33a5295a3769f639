// Reading the objects of a bucket and listing them.
#include <algorithm>
#include <chrono>

#include <arrow/util/future.h>
#include <arrow/util/key_value_metadata.h>

#include "bucket.hpp"

/// The ETag of an object that was just opened; empty if it was not requested.
static std::string tag_of(arrow::io::RandomAccessFile &file, const std::string &location,
                          const std::string &endpoint) {
    const auto metadata = pqc::check_request(file.ReadMetadata(), location, endpoint);
    return metadata ? metadata->Get("ETag").ValueOr("") : "";
}

/// Throws Failure if the object is no longer the one that was opened.
static void require_unchanged(const pqc_object &object) {
    const auto now =
        pqc::check_request(object.files->OpenInputFile(object.path), object.location, object.endpoint);
    const int64_t size = pqc::check_request(now->GetSize(), object.location, object.endpoint);
    if (size != object.size || tag_of(*now, object.location, object.endpoint) != object.tag) {
        throw pqc::Failure(PQC_IO, object.location + " changed while it was being read. Try again.");
    }
}

pqc_status pqc_object_open(const pqc_bucket *bucket, const char *key, int64_t known_size, pqc_object **object,
                           int64_t *size, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(bucket, "bucket");
        pqc::require(key, "key");
        pqc::require(object, "object");
        pqc::require(size, "size");
        const std::string path = bucket->name + "/" + key;
        const std::string location = "s3://" + path;
        arrow::fs::FileInfo info(path, arrow::fs::FileType::File);
        if (known_size >= 0) info.set_size(known_size);
        auto file = pqc::check_request(known_size >= 0 ? bucket->files->OpenInputFile(info)
                                                       : bucket->files->OpenInputFile(path),
                                       location, bucket->endpoint);
        const int64_t found = pqc::check_request(file->GetSize(), location, bucket->endpoint);
        const std::string tag = known_size >= 0 ? "" : tag_of(*file, location, bucket->endpoint);
        *object = new pqc_object{location, bucket->endpoint, path, bucket->files, std::move(file), found, tag};
        *size = found;
    });
}

pqc_status pqc_object_read(pqc_object *object, int64_t offset, void *buffer, size_t count, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(object, "object");
        pqc::require(buffer, "buffer");
        if (offset < 0 || offset > object->size || count > static_cast<uint64_t>(object->size - offset)) {
            throw pqc::Failure(PQC_INVALID_ARGUMENT, object->location + ": there are no " + std::to_string(count) +
                                                         " bytes from " + std::to_string(offset) + " on");
        }
        const int64_t received = pqc::check_request(
            object->file->ReadAt(offset, static_cast<int64_t>(count), buffer), object->location, object->endpoint);
        if (static_cast<uint64_t>(received) != count) {
            throw pqc::Failure(PQC_IO, object->location + ": only " + std::to_string(received) + " of " +
                                           std::to_string(count) + " bytes arrived");
        }
        // Afterwards, so that a part of a new object is noticed too.
        if (!object->tag.empty() && count < static_cast<uint64_t>(object->size)) require_unchanged(*object);
    });
}

/// The key of a listed path, which is untrusted.
static const char *key_of(const pqc_listing &listing, const std::string &path) {
    if (!path.starts_with(listing.folder) || path.find('\0') != std::string::npos) {
        throw pqc::Failure(PQC_IO, listing.location + ": the server lists an object that is not below this folder");
    }
    return path.c_str() + listing.bucket_length;
}

void pqc_object_free(pqc_object *object) {
    delete object;
}

pqc_status pqc_listing_open(const pqc_bucket *bucket, const char *folder, pqc_listing **listing, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(bucket, "bucket");
        pqc::require(folder, "folder");
        pqc::require(listing, "listing");
        std::string path = bucket->name + "/" + folder;
        while (path.back() == '/') path.pop_back();
        arrow::fs::FileSelector selector;
        selector.base_dir = path;
        selector.recursive = true;
        *listing = new pqc_listing{"s3://" + path, bucket->endpoint, path + "/", bucket->name.size() + 1,
                                   bucket->files->GetFileInfoGenerator(selector), {}, {}};
    });
}

pqc_status pqc_listing_next(pqc_listing *listing, const pqc_object_info **objects, size_t *count, char **message) {
    return pqc::guarded(message, [&] {
        pqc::require(listing, "listing");
        pqc::require(objects, "objects");
        pqc::require(count, "count");
        listing->page.clear();
        do {
            listing->files = pqc::check_request(listing->pages().result(), listing->location, listing->endpoint);
            std::sort(listing->files.begin(), listing->files.end(),
                      [](const auto &one, const auto &other) { return one.path() < other.path(); });
            for (const auto &file : listing->files) {
                if (!file.IsFile()) continue;
                listing->page.push_back(
                    {key_of(*listing, file.path()), file.size(), file.mtime().time_since_epoch().count()});
            }
        } while (listing->page.empty() && !listing->files.empty());
        *objects = listing->page.data();
        *count = listing->page.size();
    });
}

void pqc_listing_free(pqc_listing *listing) {
    delete listing;
}
