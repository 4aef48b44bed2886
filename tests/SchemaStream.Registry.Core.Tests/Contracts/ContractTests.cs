using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Tests.Contracts;

public sealed class ContractTests
{
    private static readonly SlotContract OrderPlaced = new(SchemaFormat.Avro, "com.acme.OrderPlaced");

    private readonly TestMachine _machine = new();

    [Fact]
    public void Register_First_BindsTheSlotAndOnlyIt()
    {
        _machine.Register("orders-value", Schemas.OrderPlaced);

        var contract = _machine.Image.Contracts.ByTopic["orders"].ToContract();

        contract.Binding.ShouldBe(ContractBinding.Implicit);
        contract.Key.ShouldBeNull();
        contract.Value.ShouldBe(new SlotContract(SchemaFormat.Avro, "com.acme.OrderPlaced", "orders-value", EvolutionPolicy.Compatible));
        contract.Since.ShouldBe(TestMachine.Noon);
        _machine.Log.Select(record => record.Log).ShouldBe([LogName.Contracts, LogName.Schemas], "the claim goes first");
    }

    [Fact]
    public void Register_BySomeoneKnown_IsRemembered()
    {
        _machine.Submit(new RegisterSchema(Subject.Parse("orders-value"), new SchemaRequest { Text = Schemas.OrderPlaced }) { Caller = "alice" })
            .ShouldBeOk();

        _machine.Image.Contracts.ByTopic["orders"].Value!.BoundBy.ShouldBe("alice (the first schema under orders-value)");
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("-value")]
    [InlineData(":.dev:orders-value")]
    public void Register_UnderANameThatIsNoTopicSlot_BindsNothing(string subject)
    {
        _machine.Register(subject, Schemas.OrderPlaced);

        _machine.Image.Contracts.ByTopic.ShouldBeEmpty();
    }

    [Fact]
    public void Register_AnotherType_IsRefusedWithTheWholeStory()
    {
        _machine.SetLevel(CompatibilityLevel.None);
        _machine.Register("orders-value", Schemas.OrderPlaced);

        var refusal = _machine.Refused("orders-value", Schemas.OrderCancelled);

        refusal.Code.ShouldBe(ErrorCodes.ContractViolated);
        refusal.Message.ShouldBe(
            "Topic 'orders' carries 'com.acme.OrderPlaced' (AVRO) as its value since 2026-01-02 12:00:00 UTC by the first schema " +
            "registered under orders-value; 'com.acme.OrderCancelled' (AVRO) was offered. A topic's types never change, " +
            "whatever the compatibility level. A different type means a new topic: bind it with PUT /contracts/topics/orders.v2 " +
            "(or POST /contracts/topics/orders/successor, which links the two) and register its schema under 'orders.v2-value'. " +
            "If topic 'orders' is gone, an administrator frees its name with DELETE /contracts/topics/orders.");
    }

    [Fact]
    public void Register_AnotherType_OfASecondGeneration_PointsToTheThird()
    {
        _machine.Register("orders.v2-value", Schemas.OrderPlaced);

        _machine.Refused("orders.v2-value", Schemas.OrderCancelled).Message.ShouldContain("/contracts/topics/orders.v3 ");
    }

    [Fact]
    public void Register_NewShapeOfTheSameType_IsLetIn()
    {
        _machine.Bind("orders", null, OrderPlaced);
        _machine.Register("orders-value", Schemas.OrderPlaced);

        _machine.Register("orders-value", Schemas.OrderPlacedWithNote).Version.ShouldBe(2);
    }

    [Fact]
    public void Register_ChangedKeyOfAnExplicitContract_IsRefused()
    {
        _machine.Bind("orders", OrderPlaced, null);
        _machine.Register("orders-key", Schemas.OrderPlaced);

        var refusal = _machine.Refused("orders-key", Schemas.OrderPlacedWithNote);

        refusal.Code.ShouldBe(ErrorCodes.ContractViolated);
        refusal.Message.ShouldContain("FROZEN");
        refusal.Message.ShouldContain("partitions");
        _machine.Register("orders-key", Schemas.OrderPlaced).Version.ShouldBe(1);
    }

    [Fact]
    public void Register_ChangedKeyOfAnImplicitContract_IsLetIn()
    {
        _machine.Register("orders-key", Schemas.OrderPlaced);

        _machine.Register("orders-key", Schemas.OrderPlacedWithNote).Version.ShouldBe(2);
    }

    [Fact]
    public void Register_UnderASharedSubject_HoldsEveryTopicsContract()
    {
        _machine.Bind("orders", null, OrderPlaced with { Subject = "com.acme.OrderPlaced" });
        _machine.Bind("archive", null, OrderPlaced with { Subject = "com.acme.OrderPlaced", Evolution = EvolutionPolicy.Frozen });

        _machine.Register("com.acme.OrderPlaced", Schemas.OrderPlaced);

        _machine.Refused("com.acme.OrderPlaced", Schemas.OrderPlacedWithNote).Message.ShouldContain("'archive'");
        _machine.Refused("orders-value", Schemas.OrderCancelled).Message.ShouldContain("'orders'");
    }

    [Fact]
    public void Register_InRecordMode_WarnsAndLetsIn()
    {
        var machine = new TestMachine(new RegistrySettings
        {
            ImplicitContracts = ImplicitContracts.Record,
            DefaultCompatibility = CompatibilityLevel.None,
        });
        machine.Register("orders-value", Schemas.OrderPlaced);

        var decision = machine.Decide(new RegisterSchema(
            Subject.Parse("orders-value"), new SchemaRequest { Text = Schemas.OrderCancelled }));

        decision.Reply.ShouldBeOk().Version.ShouldBe(2);
        decision.Warnings.ShouldHaveSingleItem().ShouldContain("com.acme.OrderCancelled");
    }

    [Theory]
    [InlineData(ImplicitContracts.Record)]
    [InlineData(ImplicitContracts.Off)]
    public void Register_AgainstAnExplicitContract_IsRefusedWhateverImplicitOnesDo(ImplicitContracts setting)
    {
        var machine = new TestMachine(new RegistrySettings { ImplicitContracts = setting });
        machine.Bind("orders", null, OrderPlaced);

        machine.Refused("orders-value", Schemas.OrderCancelled).Code.ShouldBe(ErrorCodes.ContractViolated);
    }

    [Fact]
    public void Bind_WhatWasImplied_MakesItExplicit()
    {
        _machine.Register("orders-value", Schemas.OrderPlaced);
        _machine.Now = TestMachine.Noon.AddDays(1);

        var contract = _machine.Bind("orders", new SlotContract(SchemaFormat.String), OrderPlaced);

        contract.Binding.ShouldBe(ContractBinding.Explicit);
        contract.Since.ShouldBe(TestMachine.Noon, "bound is bound since the first time");
        contract.Key!.Format.ShouldBe(SchemaFormat.String);
        _machine.Submit(new DeleteSubject(Subject.Parse("orders-value"), Deletion.Soft)).ShouldBeRefused()
            .Code.ShouldBe(ErrorCodes.ReferenceExists);
    }

    [Fact]
    public void Bind_SlotBySlot_AddsUp()
    {
        _machine.Bind("orders", new SlotContract(SchemaFormat.String), null);

        var contract = _machine.Bind("orders", null, OrderPlaced);

        contract.Key!.Format.ShouldBe(SchemaFormat.String);
        contract.Value!.Type.ShouldBe("com.acme.OrderPlaced");
    }

    public static TheoryData<SlotContract> OtherClaims() =>
    [
        OrderPlaced with { Type = "com.acme.OrderCancelled" },
        OrderPlaced with { Format = SchemaFormat.Protobuf },
        OrderPlaced with { Subject = "elsewhere" },
        OrderPlaced with { Evolution = EvolutionPolicy.Frozen },
        new SlotContract(SchemaFormat.Bytes),
    ];

    [Theory]
    [MemberData(nameof(OtherClaims))]
    public void Bind_SomethingElse_IsRefused(SlotContract claim)
    {
        _machine.Bind("orders", null, OrderPlaced);

        _machine.Submit(new BindContract("orders", null, claim, "another")).ShouldBeRefused().Code.ShouldBe(ErrorCodes.ContractViolated);
    }

    [Fact]
    public void Bind_TheSameTypeOnOtherTerms_SaysWhichTermsAreBound()
    {
        _machine.Bind("orders", null, OrderPlaced with { Subject = "com.acme.OrderPlaced" });

        _machine.Submit(new BindContract("orders", null, OrderPlaced with { Subject = "elsewhere" }, "another")).ShouldBeRefused()
            .Message.ShouldContain("bound under subject 'com.acme.OrderPlaced' with evolution COMPATIBLE since");
        _machine.Bind("orders", null, OrderPlaced).Value!.Subject.ShouldBe("com.acme.OrderPlaced", "unstated is as bound");
    }

    [Fact]
    public void Bind_AgainstWhatTheSubjectHolds_IsRefused()
    {
        var machine = new TestMachine(new RegistrySettings { ImplicitContracts = ImplicitContracts.Off });
        machine.Register("orders-value", Schemas.OrderCancelled);

        machine.Submit(new BindContract("orders", null, OrderPlaced, "me")).ShouldBeRefused()
            .Message.ShouldContain("version 1 of subject 'orders-value' is 'com.acme.OrderCancelled' (AVRO)");
    }

    [Fact]
    public void Replay_TwoClaimsOnOneSlot_FirstWins()
    {
        var image = RegistryImage.Empty
            .Replay(Claim("com.acme.OrderPlaced", "first"), TestMachine.Noon)
            .Replay(Claim("com.acme.OrderCancelled", "second"), TestMachine.Noon);

        image.Contracts.ByTopic["orders"].Value!.Contract.Type.ShouldBe("com.acme.OrderPlaced");
        image.Contracts.BySubject.Keys.ShouldHaveSingleItem();
    }

    [Fact]
    public void Replay_Unbind_FreesTopicAndSubject()
    {
        var image = RegistryImage.Empty
            .Replay(Claim("com.acme.OrderPlaced", "first"), TestMachine.Noon)
            .Replay(new UnbindRecord("orders", TestMachine.Noon, "administrator"), TestMachine.Noon);

        image.Contracts.ByTopic.ShouldBeEmpty();
        image.Contracts.BySubject.ShouldBeEmpty();
    }

    private static BindRecord Claim(string type, string by) => new(
        "orders",
        null,
        new SlotContract(SchemaFormat.Avro, type, "orders-value", EvolutionPolicy.Compatible),
        ContractBinding.Explicit,
        TestMachine.Noon,
        by);
}
