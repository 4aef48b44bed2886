using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

/// <summary>
/// Someone who waits until records are committed. Called on the partition's lane, once; what it does must be cheap,
/// like handing a finished reply to its connection.
/// </summary>
public interface IAcknowledgement
{
    void Complete(ErrorCode error);
}
