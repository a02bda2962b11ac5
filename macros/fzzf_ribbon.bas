Attribute VB_Name = "fzzf_ribbon"
Option Explicit

Public Sub fzzf_distribute(control As IRibbonControl)
    RunJob "distribute"
End Sub

Public Sub fzzf_check(control As IRibbonControl)
    RunJob "check"
End Sub

Public Sub fzzf_open_incoming(control As IRibbonControl)
    RunJob "open_incoming"
End Sub

Public Sub fzzf_consolidate(control As IRibbonControl)
    RunJob "consolidate"
End Sub

Public Sub fzzf_mark_unmet(control As IRibbonControl)
    RunJob "mark_unmet"
End Sub

Public Sub fzzf_undo(control As IRibbonControl)
    RunJob "undo"
End Sub

Public Sub fzzf_report(control As IRibbonControl)
    RunJob "report"
End Sub

Public Sub fzzf_approve(control As IRibbonControl)
    RunJob "approve"
End Sub

Public Sub fzzf_reopen(control As IRibbonControl)
    RunJob "reopen"
End Sub

Public Sub fzzf_mail(control As IRibbonControl)
    RunJob "mail"
End Sub

Public Sub fzzf_help(control As IRibbonControl)
    RunJob "help_"
End Sub
