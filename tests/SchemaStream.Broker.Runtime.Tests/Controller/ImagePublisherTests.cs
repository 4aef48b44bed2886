using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Controller;

namespace SchemaStream.Broker.Runtime.Tests.Controller;

public sealed class ImagePublisherTests
{
    private readonly ImagePublisher _images = new(NullLogger.Instance);
    private readonly ScriptedFollower _follower = new();

    [Fact]
    public async Task Image_IsShownOnceItIsCarriedOut_AndWhoWaitsForItsOffsetGoesOn()
    {
        _images.Start(_follower, _ => true, _ => { });
        var waiting = _images.WaitForAsync(5);

        _images.Offer(At(5));
        await _follower.Preparing();
        _images.Image.Offset.ShouldBe(-1);
        waiting.IsCompleted.ShouldBeFalse();
        _follower.GoOn();

        await waiting;
        _images.Image.Offset.ShouldBe(5);
        await _images.WaitForAsync(4);
        await _images.StopAsync();
    }

    [Fact]
    public async Task ImagesThatComeMeanwhile_AreOneStep()
    {
        var shown = new List<long>();
        _images.Start(_follower, _ => true, image => shown.Add(image.Offset));
        _images.Offer(At(1));
        await _follower.Preparing();

        _images.Offer(At(2));
        _images.Offer(At(3));
        _follower.GoOn();
        await _follower.Preparing();
        _follower.GoOn();
        await _images.WaitForAsync(3);
        await _images.StopAsync();

        shown.ShouldBe([1, 3]);
        _follower.Followed.ShouldBe([(-1, 1), (1, 3)]);
    }

    [Fact]
    public async Task ImageOfTheProcessBefore_IsNotCarriedOut()
    {
        _images.Start(_follower, image => image.Offset >= 7, _ => { });

        _images.Offer(At(6));
        _images.Offer(At(7));
        await _follower.Preparing();
        _follower.GoOn();
        await _images.WaitForAsync(7);
        await _images.StopAsync();

        _follower.Followed.ShouldBe([(-1, 7)]);
    }

    [Fact]
    public async Task ImageThatCannotBeCarriedOut_IsAFault_AndNoOneWaitsForEver()
    {
        _images.Start(_follower, _ => true, _ => { });
        var waiting = _images.WaitForAsync(1);

        _images.Offer(At(1));
        await _follower.Preparing();
        _follower.Fail(new InvalidOperationException("no"));

        await waiting;
        await _images.Fault.ShouldThrowAsync<InvalidOperationException>();
        await _images.StopAsync();
    }

    [Fact]
    public async Task Stop_LetsGoWhoWaits()
    {
        _images.Start(_follower, _ => true, _ => { });
        var waiting = _images.WaitForAsync(1);

        await _images.StopAsync();

        await waiting;
    }

    private static MetadataImage At(long offset) => MetadataImage.Empty with { Offset = offset };

    private sealed class ScriptedFollower : IImageFollower
    {
        private readonly SemaphoreSlim _preparing = new(0);
        private readonly SemaphoreSlim _goOn = new(0);
        private Exception? _fault;

        public List<(long, long)> Followed { get; } = [];

        public Task Preparing() => _preparing.WaitAsync();

        public void GoOn() => _goOn.Release();

        public void Fail(Exception fault)
        {
            _fault = fault;
            _goOn.Release();
        }

        public async ValueTask PrepareAsync(MetadataImage image)
        {
            _preparing.Release();
            await _goOn.WaitAsync();
            if (_fault is not null)
            {
                throw _fault;
            }
        }

        public ValueTask FollowAsync(MetadataImage previous, MetadataImage image)
        {
            Followed.Add((previous.Offset, image.Offset));
            return ValueTask.CompletedTask;
        }
    }
}
