using SchemaStream.Broker.Storage.Compaction;
using SchemaStream.Broker.Storage.Producers;

namespace SchemaStream.Broker.Storage;

/// <summary>Compaction: what is to be done is planned here, done elsewhere, and put in its place here.</summary>
public sealed partial class PartitionLog
{
    /// <summary>Looks how much of the log could be compacted.</summary>
    /// <param name="cleanedTo">Where the last compaction ended; null when there was none.</param>
    /// <param name="lastStableOffset">What is not committed, or of a transaction under way, is left alone (exclusive bound).</param>
    public CompactionNeed MeasureCompaction(long? cleanedTo, long lastStableOffset, long nowMs)
    {
        Online();

        // A checkpoint that lies outside the log is of before it was cut: then all of it counts as dirty.
        var firstDirty = cleanedTo is { } known && known >= LogStartOffset && known <= LogEndOffset ? known : LogStartOffset;
        var bound = Math.Min(Math.Min(lastStableOffset, RecoveryPoint), ActiveSegmentBaseOffset);
        var (clean, dirty) = (0L, 0L);
        var isOverdue = false;
        var end = _segments.First.BaseOffset;
        for (var i = 0; i < _segments.Count - 1 && EndOffsetOf(i) <= bound; i++)
        {
            var segment = _segments[i];
            if (EndOffsetOf(i) <= firstDirty)
            {
                clean += segment.SizeInBytes;
            }
            else if (Config.MinCompactionLagMs > 0 && segment.LargestTimestamp > nowMs - Config.MinCompactionLagMs)
            {
                break;
            }
            else
            {
                dirty += segment.SizeInBytes;
                isOverdue |= IsOverdue(segment, nowMs);
            }

            end = EndOffsetOf(i);
        }

        return new CompactionNeed(firstDirty, end, clean, dirty, isOverdue);
    }

    /// <summary>Begins a compaction, which runs beside the lane; null when there is nothing to compact.</summary>
    public CleaningRun? BeginCompaction(in CompactionNeed need, CleanerLimits limits, RecordCodecs codecs, long nowMs)
    {
        Online();
        var sources = new List<CompactionSource>();
        for (var i = 0; i < _segments.Count - 1 && EndOffsetOf(i) <= need.FirstUncleanableOffset; i++)
        {
            var segment = _segments[i];
            sources.Add(new CompactionSource(
                segment,
                segment.SizeInBytes,
                EndOffsetOf(i),
                segment.Log.Truncations,
                segment.OffsetIndex.SizeInBytes,
                segment.TimeIndex.SizeInBytes));
        }

        if (sources.Count == 0 || need.DirtyBytes == 0)
        {
            return null;
        }

        var lastRecords = new Dictionary<long, LastRecordOfProducer>();
        foreach (var producer in _producers.Producers)
        {
            lastRecords[producer.ProducerId] = new LastRecordOfProducer(
                producer.BatchCount > 0 ? producer.LastBatch.LastOffset : null,
                LastOffsetBelow(producer, need.FirstUncleanableOffset),
                producer.ProducerEpoch);
        }

        var plan = new CompactionPlan(Name, Config, need, sources, lastRecords);
        return new CleaningRun(plan, _directory, _cache, limits, codecs, nowMs);
    }

    /// <summary>
    /// Puts a cleaned segment in the place of those that it was made of. False, with nothing changed, when those are no
    /// longer what they were: cut, or gone by retention. Whoever reads the old ones reads on. The names are durable once
    /// <see cref="RetentionResult.DeleteFiles"/> has been called.
    /// </summary>
    public bool TrySwap(CleanedSegment cleaned, out RetentionResult replaced)
    {
        Online();
        replaced = new RetentionResult(_directory, syncsFirst: true);
        var index = _segments.FloorIndex(cleaned.Segment.BaseOffset);
        if (!IsInPlace(cleaned, index))
        {
            return false;
        }

        if (cleaned.IsUnchanged)
        {
            cleaned.Segment.Delete();
            return true;
        }

        var result = replaced;
        Guarded(() =>
        {
            // From the moment that the log has its swap name, a crash ends with the cleaned segment in its place.
            _hasNewNames = true;
            cleaned.Segment.ReplaceSuffix(LogFileNames.CleanedSuffix, LogFileNames.SwapSuffix);
            for (var i = cleaned.Sources.Count - 1; i >= 0; i--)
            {
                result.Add(cleaned.Sources[i].Segment);
            }

            cleaned.Segment.ReplaceSuffix(LogFileNames.SwapSuffix, string.Empty);
            _segments.Replace(index, cleaned.Sources.Count, cleaned.Segment);
            foreach (var source in cleaned.Sources.Skip(1))
            {
                _snapshots.Forget(source.BaseOffset);
            }
        });
        return true;
    }

    private static long? LastOffsetBelow(ProducerState producer, long bound)
    {
        for (var i = producer.BatchCount - 1; i >= 0; i--)
        {
            if (producer.BatchAt(i).LastOffset < bound)
            {
                return producer.BatchAt(i).LastOffset;
            }
        }

        return null;
    }

    private bool IsInPlace(CleanedSegment cleaned, int index)
    {
        if (index + cleaned.Sources.Count >= _segments.Count)
        {
            return false;
        }

        for (var i = 0; i < cleaned.Sources.Count; i++)
        {
            if (!ReferenceEquals(_segments[index + i], cleaned.Sources[i].Segment) || !cleaned.Sources[i].IsUnchanged)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOverdue(LogSegment segment, long nowMs) =>
        Config.MaxCompactionLagMs < nowMs
        && segment.TimestampOfFirstBatch() is > 0 and var first
        && first < nowMs - Config.MaxCompactionLagMs;
}
