using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>
/// What came of a command that was sent to a state machine: the machine's own reply, or the reason why no machine
/// here could be asked (not the coordinator, still loading, stopping). Then <see cref="Reply"/> is null.
/// </summary>
public readonly record struct Outcome<TReply>(ErrorCode Error, TReply? Reply);

/// <summary>Makes outcomes.</summary>
public static class Outcome
{
    public static Outcome<TReply> Of<TReply>(TReply reply) => new(ErrorCode.None, reply);

    public static Outcome<TReply> Failed<TReply>(ErrorCode error) => new(error, default);
}
