using System.Diagnostics;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using Xunit.Abstractions;

namespace SchemaStream.Registry.Core.Tests.State;

/// <summary>Tests that measure the process run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

/// <summary>A registry starts when its log is read: that must not take long, nor leave much behind.</summary>
[Collection(MeasuredAlone.Name)]
public sealed class LoadingTests(ITestOutputHelper output)
{
    private const int Subjects = 10_000;
    private const int VersionsEach = 5;

    // Alone it takes less than a second. The bound is for what grows with the square, wherever the test runs beside others.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private const long MostBytes = 150L * 1024 * 1024;

    [Fact]
    public void Load_FiftyThousandSchemas_IsQuickAndSmall()
    {
        var log = Log().ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();

        var builder = new RegistryImageBuilder(RegistryImage.Empty);
        foreach (var record in log)
        {
            builder.Replay(RecordReader.Read(record)!, record.Timestamp);
        }

        var image = builder.ToImage();
        var took = watch.Elapsed;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{log.Length} records in {took.TotalMilliseconds:F0} ms, {kept / 1024 / 1024} MB kept");
        image.Subjects.Count.ShouldBe(Subjects);
        image.Contexts["."].MaxId.ShouldBe(Subjects * VersionsEach);
        took.ShouldBeLessThan(Longest);
        kept.ShouldBeLessThan(MostBytes);
        GC.KeepAlive(log);
    }

    [Fact]
    public void Load_RecordByRecord_GivesTheSame()
    {
        var log = Log().Take(500).ToArray();
        var builder = new RegistryImageBuilder(RegistryImage.Empty);
        var image = RegistryImage.Empty;
        foreach (var record in log)
        {
            builder.Replay(RecordReader.Read(record)!, record.Timestamp);
            image = image.Replay(RecordReader.Read(record)!, record.Timestamp);
        }

        var built = builder.ToImage();
        built.Subjects.Keys.ShouldBe(image.Subjects.Keys, ignoreOrder: true);
        built.Contexts["."].IdByGuid.ShouldBe(image.Contexts["."].IdByGuid, ignoreOrder: true);
        built.Referrers.ShouldBeEmpty();
    }

    private static IEnumerable<LogRecord> Log()
    {
        var id = 0;
        for (var subject = 0; subject < Subjects; subject++)
        {
            var name = Subject.Parse($"com.acme.domain{subject % 100}.topic-{subject}-value");
            for (var version = 1; version <= VersionsEach; version++)
            {
                var fields = Enumerable.Range(0, 3 + version).Select(n => Schemas.Optional($"field{n}"));
                var content = new SchemaContent(SchemaFormat.Avro, Schemas.Record($"Event{subject}", [.. fields]), []);
                yield return RecordWriter.Write(
                    new SchemaRecord(
                        new SubjectVersion(name, version), new SchemaRecordValue(++id, content, VersionState.Live)),
                    TestMachine.Noon);
            }
        }
    }
}
