using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Owns an <c>rd_kafka_topic_t</c>, and keeps its client alive.</summary>
internal sealed class TopicHandle : SafeHandle
{
    private readonly ClientHandle _client;

    public TopicHandle(ClientHandle client, string name, nint topic)
        : base(0, ownsHandle: true)
    {
        Name = name;
        var added = false;
        client.DangerousAddRef(ref added);
        _client = client;
        SetHandle(topic);
    }

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Librdkafka.TopicDestroy(handle);
        _client.DangerousRelease();
        return true;
    }
}
