namespace SchemaStream.Broker.Metadata.Images;

/// <summary>
/// Which topics changed in the last steps from image to image, newest first. The steps are kept in two generations; when the
/// newer one is full the older one is dropped, so that no image holds on to all that ever was.
/// </summary>
internal sealed class ImageHistory
{
    /// <summary>Steps of one generation: at least so many are known.</summary>
    private const int GenerationLength = 256;

    private readonly Step? _newest;
    private readonly Step? _older;

    private ImageHistory(Step? newest, Step? older)
    {
        _newest = newest;
        _older = older;
    }

    public static ImageHistory Empty { get; } = new(null, null);

    public ImageHistory With(IReadOnlyCollection<Guid> changedTopics) => _newest is { Number: GenerationLength }
        ? new ImageHistory(new Step(changedTopics, null), _newest)
        : new ImageHistory(new Step(changedTopics, _newest), _older);

    /// <summary>The topics that changed after the earlier image; null where that is not known.</summary>
    public SortedSet<Guid>? Since(ImageHistory earlier)
    {
        var topics = new SortedSet<Guid>();
        foreach (var generation in (ReadOnlySpan<Step?>)[_newest, _older])
        {
            for (var step = generation; step is not null; step = step.Previous)
            {
                if (ReferenceEquals(step, earlier._newest))
                {
                    return topics;
                }

                topics.UnionWith(step.ChangedTopics);
            }
        }

        return earlier._newest is null && _older is null ? topics : null;
    }

    private sealed class Step(IReadOnlyCollection<Guid> changedTopics, Step? previous)
    {
        public IReadOnlyCollection<Guid> ChangedTopics { get; } = changedTopics;

        public Step? Previous { get; } = previous;

        public int Number { get; } = (previous?.Number ?? 0) + 1;
    }
}
