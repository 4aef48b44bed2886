using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Bench.Cluster.Wire;

/// <summary>A client on a blocking socket that allocates nothing per request, so that what is measured is the broker's.</summary>
internal sealed class RawSession : IDisposable
{
    private const int MaxResponseBytes = 16 * 1024 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _response = new byte[MaxResponseBytes];

    public RawSession(EndPoint broker) => _socket.Connect(broker);

    /// <summary>The last response, after its length.</summary>
    public ReadOnlyMemory<byte> Response { get; private set; }

    public void Send(byte[] frame)
    {
        for (var sent = 0; sent < frame.Length;)
        {
            sent += _socket.Send(frame.AsSpan(sent));
        }
    }

    public void Receive()
    {
        Fill(_response.AsSpan(0, sizeof(int)));
        var length = BinaryPrimitives.ReadInt32BigEndian(_response);
        Fill(_response.AsSpan(0, length));
        Response = _response.AsMemory(0, length);
    }

    public void Exchange(byte[] frame)
    {
        Send(frame);
        Receive();
    }

    /// <summary>What the last response, to a produce of one partition, says: looked at where all went well before.</summary>
    public ProduceResponse.PartitionProduceResponse Produced()
    {
        var response = new ProduceResponse();
        Read(response, Frames.ProduceVersion);
        return response.Responses[0].PartitionResponses[0];
    }

    /// <inheritdoc cref="Produced"/>
    public FetchResponse.PartitionData Fetched()
    {
        var response = new FetchResponse();
        Read(response, Frames.FetchVersion);
        return response.Responses[0].Partitions[0];
    }

    public void Dispose() => _socket.Dispose();

    private void Read(IResponseMessage response, short version)
    {
        var reader = new KafkaReader(Response);
        ResponseHeader.Read(ref reader, 1);
        response.Read(ref reader, version);
    }

    private void Fill(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var received = _socket.Receive(buffer);
            if (received == 0)
            {
                throw new IOException("The broker closed the connection");
            }

            buffer = buffer[received..];
        }
    }
}
