namespace SchemaStream.Hosting.Consuming;

/// <summary>How a hosted consumer is, for health checks.</summary>
internal sealed class ConsumerState(string topic, string groupId)
{
    private volatile Exception? _failure;
    private volatile bool _isRunning;

    public string Name => $"{topic} as {groupId}";

    /// <summary>It has joined its group.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>Why it is not running, or has ended.</summary>
    public Exception? Failure => _failure;

    public void Run() => (_failure, _isRunning) = (null, true);

    public void Stop() => _isRunning = false;

    public void Fail(Exception failure) => (_failure, _isRunning) = (failure, false);
}
