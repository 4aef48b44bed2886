using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>A request to a group shard.</summary>
public abstract record GroupCommand : CoordinatorCommand
{
    /// <inheritdoc/>
    public abstract override GroupReply Refused(ErrorCode error);
}

/// <summary>A command that is answered, at once or later, with exactly one <typeparamref name="TReply"/>.</summary>
public abstract record GroupCommand<TReply> : GroupCommand
    where TReply : GroupReply
{
    /// <inheritdoc/>
    public abstract override TReply Refused(ErrorCode error);
}

/// <summary>The answer to a <see cref="GroupCommand"/>.</summary>
public abstract record GroupReply : CoordinatorReply;

/// <summary>Names a request that waits for its reply; the driver hands them out, unique for its lifetime.</summary>
public readonly record struct RequestToken(long Value)
{
    /// <summary>A command that no one waits for: its reply is not sent.</summary>
    public static RequestToken None { get; } = new(0);
}
