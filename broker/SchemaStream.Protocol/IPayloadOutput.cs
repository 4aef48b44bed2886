using System.Buffers;

namespace SchemaStream.Protocol;

/// <summary>
/// An output that can carry a payload by reference: what a fetch reads from the log then goes to the socket without being
/// copied into the response. The payload must stay unchanged until the output is sent.
/// </summary>
public interface IPayloadOutput : IBufferWriter<byte>
{
    /// <summary>Appends the payload after everything advanced so far.</summary>
    void AppendReference(ReadOnlyMemory<byte> payload);
}
