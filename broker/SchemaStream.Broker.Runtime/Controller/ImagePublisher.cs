using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>
/// Carries the newest committed image out on this node and then shows it to everyone. Images that come while one is being
/// carried out are one step: only the last of them counts.
/// </summary>
internal sealed partial class ImagePublisher(ILogger logger)
{
    private readonly Channel<MetadataImage> _newest = Channel.CreateBounded<MetadataImage>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Threading.Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly ILogger _logger = logger;
    private volatile MetadataImage _image = MetadataImage.Empty;
    private Task _loop = Task.CompletedTask;
    private long _shownOffset = -1;

    /// <summary>The newest image that is carried out.</summary>
    public MetadataImage Image => _image;

    /// <summary>Fails when an image could not be carried out.</summary>
    public Task Fault => _fault.Task;

    /// <param name="follower">What on this node changes with the metadata.</param>
    /// <param name="isOurs">
    /// Whether an image may be carried out. One from before this process is registered may not: what it says of the broker's
    /// leaderships was true of the process before this one.
    /// </param>
    /// <param name="shown">Told each image that is shown.</param>
    public void Start(IImageFollower follower, Func<MetadataImage, bool> isOurs, Action<MetadataImage> shown) =>
        _loop = Task.Run(() => RunAsync(follower, isOurs, shown));

    /// <summary>A newer image is committed. Never waits.</summary>
    public void Offer(MetadataImage image) => _newest.Writer.TryWrite(image);

    /// <summary>Completes when the image of an offset, or a later one, is shown; or when no more images will be.</summary>
    public Task WaitForAsync(long offset)
    {
        lock (_gate)
        {
            if (_shownOffset >= offset)
            {
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter, offset);
            return waiter.Task;
        }
    }

    /// <summary>Finishes the image in work and takes no more.</summary>
    public async Task StopAsync()
    {
        _newest.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        Release(long.MaxValue);
    }

    private async Task RunAsync(IImageFollower follower, Func<MetadataImage, bool> isOurs, Action<MetadataImage> shown)
    {
        try
        {
            await foreach (var image in _newest.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                if (!isOurs(image))
                {
                    continue;
                }

                await follower.PrepareAsync(image).ConfigureAwait(false);
                var previous = _image;
                _image = image;
                await follower.FollowAsync(previous, image).ConfigureAwait(false);
                Release(image.Offset);
                shown(image);
            }
        }
        catch (Exception cause)
        {
            // What this node holds is not what the metadata says: it must not go on as if it were.
            ImageNotCarriedOut(cause);
            _fault.TrySetException(cause);
            Release(long.MaxValue);
        }
    }

    private void Release(long offset)
    {
        lock (_gate)
        {
            _shownOffset = offset;
            while (_waiting.TryPeek(out var waiter, out var wanted) && wanted <= offset)
            {
                _waiting.Dequeue();
                waiter.SetResult();
            }
        }
    }

    [LoggerMessage(EventId = 1111, Level = LogLevel.Critical, Message = "This node could not carry out what the metadata says")]
    private partial void ImageNotCarriedOut(Exception cause);
}
