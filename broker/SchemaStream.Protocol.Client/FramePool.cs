namespace SchemaStream.Protocol.Client;

/// <summary>A connection's frames that are not lent out. As many as responses were held at once; none that was never given back.</summary>
internal sealed class FramePool
{
    private readonly Lock _lock = new();
    private readonly Stack<ResponseFrame> _free = new();

    public ResponseFrame Take()
    {
        lock (_lock)
        {
            return _free.TryPop(out var frame) ? frame : new ResponseFrame(this);
        }
    }

    public void Return(ResponseFrame frame)
    {
        lock (_lock)
        {
            _free.Push(frame);
        }
    }
}
