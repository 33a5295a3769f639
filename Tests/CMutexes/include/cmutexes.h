// Tells the thread sanitizer about Swift's Mutex; see cmutexes.c. It declares nothing.
