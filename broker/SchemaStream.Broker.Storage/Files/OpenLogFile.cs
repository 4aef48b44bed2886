namespace SchemaStream.Broker.Storage.Files;

/// <summary>An open file and the number of those who use it; the last one to let go closes it.</summary>
internal sealed class OpenLogFile(ILogFile file)
{
    // One for the cache, which lists the file, and one for whoever asked for it to be opened.
    private int _references = 2;

    public ILogFile File { get; } = file;

    public bool TryAddReference()
    {
        var seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            File.Dispose();
        }
    }

    /// <summary>Closes the file if no one but the cache holds it.</summary>
    public bool TryClose()
    {
        if (Interlocked.CompareExchange(ref _references, 0, 1) != 1)
        {
            return false;
        }

        File.Dispose();
        return true;
    }
}
