using System.Buffers.Binary;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Tests.Hosting;

/// <summary>Whatever one client sends, the broker says so in its log and goes on serving the others.</summary>
public sealed class BadInputTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task GarbageFrame_ClosesItsConnectionOnly()
    {
        await using var good = await fixture.ConnectAsync();
        await using var bad = await fixture.Broker.ConnectRawAsync();
        var garbage = new byte[4096];
        new Random(17).NextBytes(garbage);
        // An API that is served, so that the garbage is what gets decoded.
        BinaryPrimitives.WriteInt16BigEndian(garbage, (short)ApiKey.Produce);
        BinaryPrimitives.WriteInt16BigEndian(garbage.AsSpan(2), 9);
        await bad.SendFrameAsync(garbage);

        (await bad.IsClosedByServerAsync()).ShouldBeTrue();
        await fixture.Broker.Logs.WaitForAsync("unreadable");
        await ShouldServeAsync(good);
    }

    [Fact]
    public async Task OversizedFrame_ClosesItsConnectionOnly()
    {
        await using var good = await fixture.ConnectAsync();
        await using var bad = await fixture.Broker.ConnectRawAsync();
        await bad.SendAsync(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0 });

        (await bad.IsClosedByServerAsync()).ShouldBeTrue();
        await fixture.Broker.Logs.WaitForAsync("socket.request.max.bytes");
        await ShouldServeAsync(good);
    }

    [Fact]
    public async Task UnknownApiKey_ClosesItsConnectionOnly()
    {
        await using var good = await fixture.ConnectAsync();
        await using var bad = await fixture.Broker.ConnectRawAsync();
        await bad.SendFrameAsync(new byte[] { 0x7F, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF });

        (await bad.IsClosedByServerAsync()).ShouldBeTrue();
        await fixture.Broker.Logs.WaitForAsync("API key 32512");
        await ShouldServeAsync(good);
    }

    [Fact]
    public async Task VersionThatIsNotServed_ClosesItsConnectionOnly()
    {
        await using var good = await fixture.ConnectAsync();
        await using var bad = await fixture.Broker.ConnectRawAsync();
        // Produce v0 is listed, and still not served.
        await bad.SendFrameAsync(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 });

        (await bad.IsClosedByServerAsync()).ShouldBeTrue();
        await fixture.Broker.Logs.WaitForAsync("Produce version 0 is not served");
        await ShouldServeAsync(good);
    }

    [Fact]
    public async Task HalfARequest_ThenSilence_HoldsUpNoOne()
    {
        await using var good = await fixture.ConnectAsync();
        await using var silent = await fixture.Broker.ConnectRawAsync();
        var topic = fixture.NewName();
        await good.CreateTopicAsync(topic);
        var frame = RawFrames.Of(
            ApiKey.Produce, Wire.ProduceRequest(topic, Wire.Batch("never whole")), Wire.ProduceVersion, ProduceRequest.FirstFlexibleVersion);
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, frame.Length);
        await silent.SendAsync(prefix);
        await silent.SendAsync(frame.AsMemory(0, frame.Length / 2));

        await ShouldServeAsync(good);
        (await good.LatestOffsetAsync(topic)).ShouldBe(0);
        await silent.SendAsync(frame.AsMemory(frame.Length / 2));
        (await silent.ReceiveFrameAsync()).Length.ShouldBeGreaterThan(0);
        (await good.LatestOffsetAsync(topic)).ShouldBe(1);
    }

    [Fact]
    public async Task RandomBodies_OfEveryApi_NeverStopTheBroker()
    {
        await using var good = await fixture.ConnectAsync();
        var random = new Random(42);
        var table = await good.SendAsync(new ApiVersionsRequest { ClientSoftwareName = "fuzz", ClientSoftwareVersion = "1" }, 3);
        foreach (var api in table.ApiKeys)
        {
            for (var version = Math.Max(api.MinVersion, (short)(api.ApiKey == 0 ? 3 : 0)); version <= api.MaxVersion; version++)
            {
                await using var bad = await fixture.Broker.ConnectRawAsync();
                var frame = new byte[random.Next(10, 200)];
                random.NextBytes(frame);
                BinaryPrimitives.WriteInt16BigEndian(frame, api.ApiKey);
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(2), version);
                BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(8), -1);
                await bad.SendFrameAsync(frame);
            }
        }

        await ShouldServeAsync(good);
        fixture.Broker.Logs.Lines.ShouldNotContain(line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private async Task ShouldServeAsync(Protocol.Client.KafkaConnection client)
    {
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        (await client.ProduceAsync(topic, Wire.Batch("still here"))).ErrorCode.ShouldBe(ErrorCode.None);
        Wire.Values((await client.FetchAsync(topic, 0)).Records).ShouldBe(["still here"]);
    }
}
