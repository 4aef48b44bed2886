namespace SchemaStream.Broker.Storage.Files;

/// <summary>A file that is open while it is needed: knows its name, takes and gives back its place in the cache.</summary>
internal sealed class LogFileHandle(LogFileCache cache, ILogDirectory directory, string name)
{
    private volatile OpenLogFile? _open;
    private volatile bool _used;
    private volatile bool _isRetired;
    private int _truncations;

    public string Name { get; private set; } = name;

    public string Path => System.IO.Path.Combine(directory.Path, Name);

    /// <summary>Counts truncations: what was read across one may be of two minds.</summary>
    public int Truncations => Volatile.Read(ref _truncations);

    /// <summary>Any thread: whether the file is out of use.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>The open file, with a reference that the caller releases.</summary>
    public OpenLogFile Acquire()
    {
        _used = true;
        return TryAcquireOpen() ?? cache.Open(this);
    }

    /// <summary>Opens the file beside the cache, for a file that is open once and then not again for long.</summary>
    public OpenLogFile AcquireUncached()
    {
        var open = new OpenLogFile(OpenFile());
        open.Release();
        return open;
    }

    public long LengthOnDisk() => directory.LengthOf(Name);

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        var open = Acquire();
        try
        {
            open.File.Write(position, source);
        }
        finally
        {
            open.Release();
        }
    }

    public int Read(long position, Span<byte> destination)
    {
        var open = Acquire();
        try
        {
            return open.File.Read(position, destination);
        }
        finally
        {
            open.Release();
        }
    }

    public void Truncate(long length)
    {
        // Counted before and after: a reader that overlaps the truncation sees a difference either way.
        Interlocked.Increment(ref _truncations);
        var open = Acquire();
        try
        {
            open.File.Truncate(length);
        }
        finally
        {
            open.Release();
            Interlocked.Increment(ref _truncations);
        }
    }

    /// <summary>Syncs the file here and now.</summary>
    public void Flush()
    {
        var open = Acquire();
        try
        {
            open.File.Flush();
        }
        finally
        {
            open.Release();
        }
    }

    /// <summary>Gives up the cache's place; slices that still read keep the file open.</summary>
    public void Close() => cache.Close(this);

    public void Delete()
    {
        Retire();
        directory.Delete(Name);
    }

    /// <summary>Takes the file out of use: who has it open reads on, no one opens it again, or makes a new one by opening it.</summary>
    public void Retire()
    {
        _isRetired = true;
        Close();
    }

    public void Rename(string newName)
    {
        Close();
        if (directory.Exists(Name))
        {
            directory.Rename(Name, newName);
        }

        Name = newName;
    }

    internal OpenLogFile? TryAcquireOpen()
    {
        var open = _open;
        return open is not null && open.TryAddReference() ? open : null;
    }

    internal ILogFile OpenFile() => _isRetired
        ? throw new LogStorageException("open", Path, "it is no longer part of the log")
        : directory.Open(Name);

    internal void Attach(OpenLogFile open) => _open = open;

    internal OpenLogFile? Detach()
    {
        var open = _open;
        _open = null;
        return open;
    }

    internal bool TakeUsed()
    {
        var used = _used;
        _used = false;
        return used;
    }

    internal bool TryEvict()
    {
        if (_open is not { } open || !open.TryClose())
        {
            return false;
        }

        _open = null;
        return true;
    }
}
