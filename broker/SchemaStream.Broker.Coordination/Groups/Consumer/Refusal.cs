using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>Why a request is refused, or that it is not (the default).</summary>
internal readonly record struct Refusal(ErrorCode Error, string? Message = null)
{
    public static Refusal None { get; }

    public bool IsRefused => Error != ErrorCode.None;
}
