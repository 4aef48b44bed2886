using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

/// <summary>PRODUCER_FENCED came late to the protocol: clients that do not know it are told what they do know.</summary>
internal static class FencingErrors
{
    /// <param name="knownFrom">The version of the API from which on clients know PRODUCER_FENCED.</param>
    public static ErrorCode For(ErrorCode error, short version, short knownFrom) =>
        error == ErrorCode.ProducerFenced && version < knownFrom ? ErrorCode.InvalidProducerEpoch : error;
}
