namespace SchemaStream.Hosting.Health;

/// <summary>How something that runs in the host is, for health checks.</summary>
/// <param name="kind">What it is: <c>consumer</c>, <c>transform</c>, <c>table</c>.</param>
/// <param name="name">Whose it is.</param>
internal sealed class PartState(string kind, string name)
{
    private volatile Exception? _failure;
    private volatile bool _isRunning;

    public string Name { get; } = $"{kind} of {name}";

    /// <summary>It does its work: a member has joined its group, a table holds what its topic holds.</summary>
    public bool IsRunning => _isRunning;

    /// <summary>Why it is not running, or has ended.</summary>
    public Exception? Failure => _failure;

    public void Run() => (_failure, _isRunning) = (null, true);

    public void Stop() => _isRunning = false;

    public void Fail(Exception failure) => (_failure, _isRunning) = (failure, false);
}
