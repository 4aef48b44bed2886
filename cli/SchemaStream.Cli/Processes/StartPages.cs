using System.Globalization;
using System.Runtime.InteropServices;

namespace SchemaStream.Cli.Processes;

/// <summary>
/// Gives back the pages of program files that only the start has used. The system maps them in runs of many pages, and
/// keeps them resident for as long as nothing else wants the memory; what is used again is mapped again, from its cache.
/// And what the start left behind on the heap is collected, where that takes no time to speak of.
/// </summary>
internal static partial class StartPages
{
    private const int DontNeed = 4; // MADV_DONTNEED
    private const int MapFields = 6;
    private const string Mappings = "/proc/self/smaps";

    // The start itself, the compiler's second thoughts about it, and what the first clients made it do.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15)];

    // The loader maps a library whole before it writes into parts of it. What a look finds is dropped if it is still there
    // after this time, unwritten: then no one was in the middle of loading it.
    private static readonly TimeSpan LoadTime = TimeSpan.FromMilliseconds(200);

    // A larger heap takes too long to be compacted while clients wait.
    private const long SmallHeapBytes = 32 * 1024 * 1024;

    /// <summary>When the start has settled, and a few times after; over at once when the program ends before that.</summary>
    public static async Task ReleaseLaterAsync(CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var pause in Pauses)
        {
            if (!await PauseAsync(pause, cancellation))
            {
                return;
            }

            var seen = Look(Mappings);
            if (!await PauseAsync(LoadTime, cancellation))
            {
                return;
            }

            Release(seen.Intersect(Look(Mappings)));
        }
    }

    /// <summary>False when the program ends.</summary>
    private static async Task<bool> PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        await Task.Delay(pause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }

    /// <summary>What may be dropped now; nothing where the system does not tell, for a broker runs as well with its pages.</summary>
    internal static List<(nint Start, nint Length)> Look(string path)
    {
        try
        {
            return Droppable(File.ReadLines(path));
        }
        catch (Exception untold) when (untold is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Mappings of files that nothing was written into: what is dropped is in the file.</summary>
    /// <param name="smaps">The lines of <c>/proc/self/smaps</c>.</param>
    internal static List<(nint Start, nint Length)> Droppable(IEnumerable<string> smaps)
    {
        var found = new List<(nint, nint)>();
        (nint, nint)? mapping = null;
        foreach (var line in smaps)
        {
            if (TryReadMapping(line, out var next))
            {
                Take(found, mapping);
                mapping = next;
            }
            else if (mapping is not null && line.StartsWith("Anonymous:", StringComparison.Ordinal) && Kilobytes(line) > 0)
            {
                mapping = null;
            }
        }

        Take(found, mapping);
        return found;
    }

    private static void Take(List<(nint, nint)> found, (nint, nint)? mapping)
    {
        if (mapping is { } droppable)
        {
            found.Add(droppable);
        }
    }

    private static void Release(IEnumerable<(nint Start, nint Length)> mappings)
    {
        foreach (var (start, length) in mappings)
        {
            // A refusal leaves the pages where they are, as if it had not been asked for.
            _ = Advise(start, length, DontNeed);
        }

        if (GC.GetTotalMemory(forceFullCollection: false) < SmallHeapBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    /// <summary>True for the first line of a mapping; it is null when it is none to be dropped: writable, or of no file.</summary>
    private static bool TryReadMapping(string line, out (nint Start, nint Length)? mapping)
    {
        mapping = null;
        var fields = line.Split(' ', MapFields, StringSplitOptions.RemoveEmptyEntries);
        var range = fields.Length >= MapFields - 1 ? fields[0].Split('-') : [];
        if (range.Length != 2
            || !nint.TryParse(range[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var start)
            || !nint.TryParse(range[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var end))
        {
            return false;
        }

        var isCode = fields[1] is "r-xp" or "r--p";
        var isFile = fields.Length == MapFields && fields[^1].StartsWith('/') && !fields[^1].EndsWith(" (deleted)", StringComparison.Ordinal);
        mapping = isCode && isFile ? (start, end - start) : null;
        return true;
    }

    private static int Kilobytes(string line) =>
        int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(nint start, nint length, int advice);
}
