using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Owns an <c>rd_kafka_topic_t</c>, and keeps its client alive.</summary>
internal sealed class TopicHandle : SafeHandle
{
    private readonly ClientHandle _client;

    public TopicHandle(ClientHandle client, nint topic)
        : base(0, ownsHandle: true)
    {
        var added = false;
        client.DangerousAddRef(ref added);
        _client = client;
        SetHandle(topic);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Librdkafka.TopicDestroy(handle);
        _client.DangerousRelease();
        return true;
    }
}
