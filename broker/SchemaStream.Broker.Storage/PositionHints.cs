namespace SchemaStream.Broker.Storage;

/// <summary>
/// Where the last few reads of a segment ended. A consumer that reads on asks for exactly such an offset, and then needs
/// neither index nor headers.
/// </summary>
internal sealed class PositionHints
{
    private const int Count = 8;

    private readonly (long Offset, long Position)[] _hints = new (long, long)[Count];
    private int _next;

    public PositionHints() => Clear();

    public bool TryFind(long offset, out long position)
    {
        foreach (var hint in _hints)
        {
            if (hint.Offset == offset)
            {
                position = hint.Position;
                return true;
            }
        }

        position = 0;
        return false;
    }

    public void Add(long offset, long position)
    {
        if (TryFind(offset, out _))
        {
            return;
        }

        _hints[_next] = (offset, position);
        _next = (_next + 1) % Count;
    }

    public void Clear() => Array.Fill(_hints, (-1, 0));
}
