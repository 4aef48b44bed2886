namespace SchemaStream.Broker.Metadata.Images;

/// <summary>
/// Which topics changed in the last steps from image to image, newest first. The steps are kept in two generations; when the
/// newer one is full the older one is dropped, so that no image holds on to all that ever was.
/// </summary>
internal sealed class ImageHistory
{
    /// <summary>Steps of one generation: at least so many are known, if they are small.</summary>
    private const int GenerationLength = 256;

    /// <summary>Topics after which a generation is full, however few its steps.</summary>
    private const int GenerationTopics = 20_000;

    private readonly Step? _newest;
    private readonly Step? _older;

    private ImageHistory(Step? newest, Step? older)
    {
        _newest = newest;
        _older = older;
    }

    public static ImageHistory Empty { get; } = new(null, null);

    public ImageHistory With(IReadOnlyCollection<Guid> changedTopics) => _newest is { IsLast: true }
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

        /// <summary>Whether the generation is full.</summary>
        public bool IsLast => Number >= GenerationLength || Topics >= GenerationTopics;

        private int Number { get; } = (previous?.Number ?? 0) + 1;

        private int Topics { get; } = (previous?.Topics ?? 0) + changedTopics.Count;
    }
}
