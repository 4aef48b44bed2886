using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>A request to the controller of the cluster. It carries no clock and no randomness of its own.</summary>
/// <typeparam name="TReply">What it is answered with.</typeparam>
public abstract record ControllerCommand<TReply>
    where TReply : class
{
    /// <summary>The answer where the controller cannot be asked at all, or its records could not be appended.</summary>
    public abstract TReply Refused(ErrorCode error, string message);
}
