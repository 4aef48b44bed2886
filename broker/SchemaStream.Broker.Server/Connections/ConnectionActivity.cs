namespace SchemaStream.Broker.Server.Connections;

/// <summary>When a connection last moved a byte, and whether it stopped in the middle of a frame.</summary>
internal sealed class ConnectionActivity(TimeProvider timeProvider)
{
    private long _lastMoved = timeProvider.GetTimestamp();
    private volatile bool _isInsideFrame;

    public bool IsInsideFrame => _isInsideFrame;

    public TimeSpan Quiet => timeProvider.GetElapsedTime(Interlocked.Read(ref _lastMoved));

    public void Touch() => Interlocked.Exchange(ref _lastMoved, timeProvider.GetTimestamp());

    public void BeginFrame()
    {
        Touch();
        _isInsideFrame = true;
    }

    public void EndFrame() => _isInsideFrame = false;
}
